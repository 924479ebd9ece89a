/* LAYER: each neuron is 1 where the weights of its inputs that are 1 sum to more than a limit. Its
 * inputs are those from its start to that of the next neuron. */
static void LAYER(word *y, const word *x)
{
    size_t neuron, k = 0;
    clear(y, NEURONS);
    for (neuron = 0; neuron < NEURONS; ++neuron) {
        SUM sum = 0;
        for (; k < LAYER_starts[neuron + 1]; ++k)
            if (is_member(x, LAYER_inputs[k]))
                sum += LAYER_weights[k];
        if (sum > LAYER_limits[neuron])
            include(y, neuron);
    }
}
