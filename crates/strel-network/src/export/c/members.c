/* Whether input i of a dense layer is 1. */
static int is_member(const word *x, size_t i)
{
    return (int)(x[i / BITS] >> i % BITS & 1);
}

/* Makes input i of a dense layer 1, of some that are 0. */
static void include(word *x, size_t i)
{
    x[i / BITS] |= (word)1 << i % BITS;
}

/* Makes all inputs of a dense layer 0. */
static void clear(word *x, size_t inputs)
{
    size_t i;
    for (i = 0; i < (inputs + BITS - 1) / BITS; ++i)
        x[i] = 0;
}

/* The pixels of some images one after the other. */
static void gather(word *x, word *const *images, size_t channels, size_t height, size_t width)
{
    size_t channel, row, column, i = 0;
    clear(x, height * width * channels);
    for (channel = 0; channel < channels; ++channel) {
        const word *pixels = images[channel];
        for (row = 0; row < height; ++row) {
            for (column = 0; column < width; ++column, ++i)
                if (is_member(pixels, column))
                    include(x, i);
            pixels += (width + BITS - 1) / BITS;
        }
    }
}
