/* Copies a row of an input; gives the place of the next one. */
static const word *take(word *row, const word *from, ptrdiff_t words)
{
    ptrdiff_t i;
    for (i = 0; i < words; ++i)
        row[i] = from[i];
    return from + words;
}

/* Copies a row of an image to an output, with zeros right of it; gives the place of the next one. */
static word *put(word *to, const word *row, const struct image *image)
{
    ptrdiff_t i;
    for (i = 0; i < image->words; ++i)
        to[i] = row[i];
    to[i - 1] &= ~(word)0 >> (BITS - image->width % BITS) % BITS;
    return to + i;
}
