/* A pixel of a row; outside, for -1, that of the border. */
static word pixel(const word *row, ptrdiff_t at)
{
    return at < 0 ? OUTSIDE : row[at / BITS] >> at % BITS & 1;
}

/* Writes a pixel of a row, which may lie outside. */
static void set_pixel(word *row, ptrdiff_t at, word value)
{
    word *const place = row - PAD + (at + PAD * BITS) / BITS;
    const int bit = (int)((at + PAD * BITS) % BITS);
    *place = (*place & ~((word)1 << bit)) | value << bit;
}
