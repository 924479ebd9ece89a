/* A row of what lies outside an image, in scratch memory. */
static const word *outside_row(ptrdiff_t words, word **scratch)
{
    word *const row = *scratch + PAD;
    ptrdiff_t i;
    for (i = -PAD; i < words + PAD; ++i)
        row[i] = -(word)OUTSIDE;
    *scratch += words + 2 * PAD;
    return row;
}
