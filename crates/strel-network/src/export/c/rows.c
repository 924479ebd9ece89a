/* A row of an image that is still kept. */
static const word *kept_row(const struct image *image, ptrdiff_t row)
{
    return image->rows[image->kept - image->made + row];
}
