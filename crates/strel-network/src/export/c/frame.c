/* Writes the pixels that are read left and right of a row. */
static void frame(word *row, ptrdiff_t width)
{
    ptrdiff_t k;
    for (k = 1; k <= REACH; ++k) {
        set_pixel(row, -k, pixel(row, inside(-k, width)));
        set_pixel(row, width - 1 + k, pixel(row, inside(width - 1 + k, width)));
    }
}
