/* The rows of an image from some up to some down of a row, which is x[0] itself. */
static void look(const word **x, const struct image *image, ptrdiff_t row, ptrdiff_t up,
                 ptrdiff_t down, const word *outside)
{
    ptrdiff_t dy;
    for (dy = -up; dy <= down; ++dy) {
        const ptrdiff_t at = inside(row + dy, image->height);
        x[dy] = at < 0 ? outside : kept_row(image, at);
    }
}
