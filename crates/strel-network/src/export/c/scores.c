/* LAYER: the integer scores of the classes; gives the first one of the largest. */
static unsigned LAYER(int64_t *scores, const word *x)
{
    const WEIGHT *weight = LAYER_weights;
    unsigned class, best = 0;
    for (class = 0; class < CLASSES; ++class) {
        int64_t score = 0;
        size_t i;
        for (i = 0; i < INPUTS; ++i, ++weight)
            if (is_member(x, i))
                score += *weight;
        scores[class] = score - LAYER_bias[class];
        if (scores[class] > scores[best])
            best = class;
    }
    return best;
}
