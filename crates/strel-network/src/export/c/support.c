/* An image, of which only the latest rows are kept, the oldest first. */
struct image {
    word **rows;
    ptrdiff_t kept;
    ptrdiff_t delay;  /* the tick of its first row */
    ptrdiff_t period; /* ticks from one row to the next, less one */
    ptrdiff_t height, width, words;
    ptrdiff_t made;   /* rows so far */
};

/* Begins an image whose rows lie in scratch memory, and moves on in that. */
static void begin(struct image *image, word **rows, ptrdiff_t kept, ptrdiff_t delay,
                  int halvings, ptrdiff_t height, ptrdiff_t width, word **scratch)
{
    ptrdiff_t k;
    image->rows = rows;
    image->kept = kept;
    image->delay = delay;
    image->period = ((ptrdiff_t)1 << halvings) - 1;
    image->width = width >> halvings;
    image->height = image->width > 0 ? height >> halvings : 0;
    image->words = (image->width + BITS - 1) / BITS;
    image->made = 0;
    for (k = 0; k < kept; ++k) {
        rows[k] = *scratch + PAD;
        *scratch += image->words + 2 * PAD;
    }
}

/* The memory for the row of an image that is due at a tick, in place of the oldest one; a null
 * pointer where none is due. */
static word *next(struct image *image, ptrdiff_t tick)
{
    word *row = image->rows[0];
    ptrdiff_t k;
    if (tick < image->delay || ((tick - image->delay) & image->period) != 0
        || image->made == image->height)
        return NULL;
    for (k = 1; k < image->kept; ++k)
        image->rows[k - 1] = image->rows[k];
    image->rows[image->kept - 1] = row;
    ++image->made;
    return row;
}
