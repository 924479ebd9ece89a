/* The even pixels of a word, side by side. */
static word even_pixels(word x)
{
    x &= SPREAD;
    EVEN_STEPS
    return x;
}

/* A row of 2x2 max-pooling from two rows. */
static void pool(word *y, const word *upper, const word *lower, ptrdiff_t words)
{
    ptrdiff_t i;
    for (i = 0; i < words; ++i) {
        const word left = upper[i + i] | lower[i + i];
        const word right = upper[i + i + 1] | lower[i + i + 1];
        y[i] = even_pixels(left | left >> 1) | even_pixels(right | right >> 1) << BITS / 2;
    }
}
