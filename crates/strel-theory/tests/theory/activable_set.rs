//! The projection onto activable neurons against all subsets and a general solver.

use crate::oracles::*;
use proptest::prelude::*;
use strel_theory::*;

const METRICS: [Metric; 3] = [Metric::Dual, Metric::Centred, Metric::Euclidean];

/// The distance from a point to { z : a.z <= 0 for all rows a }, by Hildreth's method (dual coordinate ascent).
fn distance_to_cone(point: &[f64], rows: &[Vec<f64>]) -> f64 {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let (mut z, mut multipliers) = (point.to_vec(), vec![0.0; rows.len()]);
    for _ in 0..20_000 {
        let mut change = 0.0_f64;
        for (row, multiplier) in rows.iter().zip(&mut multipliers) {
            let step = (dot(row, &z) / dot(row, row)).max(-*multiplier);
            *multiplier += step;
            change = change.max(step.abs());
            z.iter_mut().zip(row).for_each(|(z, a)| *z -= step * a);
        }
        if change < 1e-14 {
            break;
        }
    }
    z.iter().zip(point).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

/// The distance to one operator, in coordinates (V, u) in which the metric is Euclidean. With s = sum V,
/// c = u + theta s for a dilation; for an erosion u is that of its dual, s - c = u + theta s.
fn distance_to(neuron: &Neuron, operation: Operation, support: &[bool], metric: Metric) -> f64 {
    let n = support.len();
    let theta = match (metric, operation) {
        (Metric::Dual, _) | (Metric::Euclidean, Operation::Dilation) => 0.0,
        (Metric::Centred, _) => 0.5,
        (Metric::Euclidean, Operation::Erosion) => 1.0,
    };
    let own_bias = match operation {
        Operation::Dilation => neuron.bias(),
        Operation::Erosion => neuron.weight_sum() - neuron.bias(),
    };
    let unit = |k: usize| (0..=n).map(|i| f64::from(u8::from(i == k))).collect::<Vec<f64>>();
    let c: Vec<f64> = (0..=n).map(|i| if i == n { 1.0 } else { theta }).collect();
    let minus = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x - y).collect::<Vec<f64>>();
    let outside: Vec<f64> = (0..=n).map(|i| f64::from(u8::from(i < n && !support[i]))).collect();
    let mut rows = vec![minus(&outside, &c)];
    rows.extend((0..n).filter(|&k| support[k]).map(|k| minus(&c, &unit(k))));
    rows.extend((0..n).map(|k| minus(&vec![0.0; n + 1], &unit(k))));
    let mut point = neuron.weights().to_vec();
    point.push(own_bias - theta * neuron.weight_sum());
    distance_to_cone(&point, &rows)
}

fn nearest_distance(neuron: &Neuron, metric: Metric) -> f64 {
    let mut nearest = f64::INFINITY;
    for support in binary_inputs(neuron.weights().len()).skip(1) {
        for operation in [Operation::Dilation, Operation::Erosion] {
            nearest = nearest.min(distance_to(neuron, operation, &support, metric));
        }
    }
    nearest
}

/// The same over the sets of largest weights only, among which the nearest is: fewer, so for more inputs.
fn nearest_threshold_set_distance(neuron: &Neuron, metric: Metric) -> f64 {
    let mut nearest = f64::INFINITY;
    for smallest in neuron.weights() {
        let support: Vec<bool> = neuron.weights().iter().map(|w| w >= smallest).collect();
        for operation in [Operation::Dilation, Operation::Erosion] {
            nearest = nearest.min(distance_to(neuron, operation, &support, metric));
        }
    }
    nearest
}

/// The distance between the neuron and its projection, from the definition of the metric.
fn distance_between(neuron: &Neuron, projection: &ActivableProjection, metric: Metric) -> f64 {
    let moved: f64 =
        projection.weights.iter().zip(neuron.weights()).map(|(v, w)| (v - w).powi(2)).sum();
    let bias_change = projection.bias - neuron.bias();
    let sum_change = projection.weights.iter().sum::<f64>() - neuron.weight_sum();
    let threshold_change = match (metric, projection.operation) {
        (Metric::Dual, Operation::Erosion) => sum_change - bias_change,
        (Metric::Centred, _) => bias_change - sum_change / 2.0,
        _ => bias_change,
    };
    (moved + threshold_change.powi(2)).sqrt()
}

/// Whether (V, c) meets the closed inequalities of the operation for the given support.
fn is_feasible(projection: &ActivableProjection, tolerance: f64) -> bool {
    let Some(support) = projection.operator.support() else { return true };
    let split = |inside: bool| {
        projection.weights.iter().zip(support).filter(move |(_, s)| **s == inside).map(|(v, _)| *v)
    };
    let sum: f64 = projection.weights.iter().sum();
    let c = match projection.operation {
        Operation::Dilation => projection.bias,
        Operation::Erosion => sum - projection.bias,
    };
    projection.weights.iter().all(|v| *v >= 0.0)
        && split(false).sum::<f64>() <= c + tolerance
        && split(true).all(|v| v >= c - tolerance)
}

fn neurons(max: usize) -> impl Strategy<Value = (Vec<f64>, f64)> {
    let weights = prop_oneof![
        prop::collection::vec(-0.3..2.0, 1..=max),
        prop::collection::vec(eighths(-1..=6), 1..=max),
        prop::collection::vec(prop_oneof![0.0..0.1, 1.0..3.0], 1..=max),
    ];
    (weights, -0.2..1.2).prop_map(|(weights, at)| {
        let bias = at * weights.iter().sum::<f64>();
        (weights, bias)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn projection_is_nearest((weights, bias) in neurons(7)) {
        let neuron = Neuron::new(&weights, bias, 1.0).unwrap();
        for metric in METRICS {
            let found = activable_projection(&neuron, metric);
            let nearest = nearest_distance(&neuron, metric);
            prop_assert!((found.distance - nearest).abs() < 1e-7, "{metric:?}: {found:?}, nearest {nearest}");
        }
    }
}

/// Neurons of twelve inputs with weights of every kind: repeats, zeros, negative, huge and tiny ones.
fn neurons_of_twelve() -> impl Strategy<Value = (Vec<f64>, f64)> {
    let of = |weight: BoxedStrategy<f64>| prop::collection::vec(weight, 12);
    let scaled = |unit: f64| (-0.3..2.0).prop_map(move |w| w * unit).boxed();
    let mixed = prop_oneof![eighths(-1..=6), -0.3..2.0, scaled(1e-30), Just(0.0)].boxed();
    let weights = prop_oneof![
        of(eighths(-1..=6).boxed()),
        of(scaled(1.0)),
        of(scaled(1e30)),
        of(scaled(1e-30)),
        of(mixed),
    ];
    (weights, -0.1..1.1).prop_map(|(weights, at)| {
        let bias = at * weights.iter().sum::<f64>();
        (weights, bias)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    /// 4096 subsets, both operations, every metric.
    #[test]
    fn projection_of_twelve_inputs_is_nearest((weights, bias) in neurons_of_twelve()) {
        // The sets are cones: in units of the largest weight, so that the tolerances have a meaning.
        let unit = weights.iter().fold(bias.abs(), |most, w| most.max(w.abs()));
        prop_assume!(unit > 0.0);
        let scaled: Vec<f64> = weights.iter().map(|w| w / unit).collect();
        let (neuron, ordinary) =
            (Neuron::new(&weights, bias, 1.0).unwrap(), Neuron::new(&scaled, bias / unit, 1.0).unwrap());
        for metric in METRICS {
            let found = activable_projection(&neuron, metric);
            let nearest = nearest_distance(&ordinary, metric);
            prop_assert!((found.distance / unit - nearest).abs() < 1e-6, "{metric:?}: {found:?}, nearest {nearest}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn projection_of_more_inputs_is_nearest(weights in prop::collection::vec(0.0..1.0, 14), at in 0.0..1.0) {
        let neuron = Neuron::new(&weights, at * weights.iter().sum::<f64>(), 1.0).unwrap();
        for metric in METRICS {
            let found = activable_projection(&neuron, metric);
            let nearest = nearest_threshold_set_distance(&neuron, metric);
            prop_assert!((found.distance - nearest).abs() < 1e-6, "{metric:?}: {found:?}, nearest {nearest}");
        }
    }
}

proptest! {
    #[test]
    fn projection_is_feasible_and_at_its_distance((weights, bias) in neurons(40)) {
        let neuron = Neuron::new(&weights, bias, 1.0).unwrap();
        for metric in METRICS {
            let found = activable_projection(&neuron, metric);
            prop_assert!(is_feasible(&found, 1e-10), "{found:?}");
            prop_assert!((distance_between(&neuron, &found, metric) - found.distance).abs() < 1e-10);
            // Projecting again moves nothing.
            let again = Neuron::new(&found.weights, found.bias, 1.0).unwrap();
            prop_assert!(activable_projection(&again, metric).distance < 1e-7);
        }
    }

    /// Mistake 2 of the reference implementation: the chosen operation must be symmetric under duality.
    #[test]
    fn duality_swaps_operations_at_equal_distance((weights, bias) in neurons(12)) {
        let neuron = Neuron::new(&weights, bias, 1.0).unwrap();
        let dual = Neuron::new(&weights, neuron.weight_sum() - bias, 1.0).unwrap();
        for metric in [Metric::Dual, Metric::Centred] {
            let found = activable_projection(&neuron, metric);
            let found_dual = activable_projection(&dual, metric);
            prop_assert!((found.distance - found_dual.distance).abs() < 1e-7);
            if (bias - neuron.weight_sum() / 2.0).abs() > 1e-9 {
                prop_assert_eq!(found.operation.dual(), found_dual.operation);
            }
        }
    }

    #[test]
    fn zero_for_activated_neurons(weights in prop::collection::vec(0.0..1.0, 1..30), erosion in any::<bool>()) {
        let smallest = weights.iter().copied().fold(1.0, f64::min);
        prop_assume!(smallest > 1e-3);
        let sum: f64 = weights.iter().sum();
        let bias = if erosion { sum - smallest / 2.0 } else { smallest / 2.0 };
        let neuron = Neuron::new(&weights, bias, 1.0).unwrap();
        for metric in METRICS {
            let found = activable_projection(&neuron, metric);
            prop_assert_eq!(found.distance, 0.0);
            prop_assert_eq!(&found.weights, &weights);
            let fit = activation(&neuron, InputBounds::BINARY).unwrap().into_result().unwrap();
            prop_assert_eq!(found.operator, fit.operator);
        }
    }

    /// At ordinary, huge and tiny sizes: the gradient is of the size of the weights.
    #[test]
    fn gradient_is_that_of_finite_differences(
        (weights, bias) in neurons(12),
        unit in prop::sample::select(vec![1.0, 1e30, 1e-30]),
    ) {
        let step = 1e-6;
        for metric in METRICS {
            let project = |w: &[f64], b: f64| {
                let scaled: Vec<f64> = w.iter().map(|w| w * unit).collect();
                activable_projection(&Neuron::new(&scaled, b * unit, 1.0).unwrap(), metric)
            };
            let penalty = |projection: &ActivableProjection| (projection.distance / unit).powi(2) / 2.0;
            let here = project(&weights, bias);
            let moved = |k: usize, by: f64| {
                let (mut w, mut b) = (weights.clone(), bias);
                if k < w.len() { w[k] += by } else { b += by }
                project(&w, b)
            };
            for k in 0..=weights.len() {
                let (up, down) = (moved(k, step), moved(k, -step));
                if up.operator != here.operator || down.operator != here.operator {
                    continue;
                }
                let slope = (penalty(&up) - penalty(&down)) / (2.0 * step);
                let gradient = here.weight_gradient.get(k).copied().unwrap_or(here.bias_gradient) / unit;
                // At a kink of the projection itself the slope is exact to the order of the step.
                prop_assert!((slope - gradient).abs() < 1e-5, "{metric:?} {k}: {slope} {gradient}");
            }
        }
    }

    /// Equal weights differ by their places alone: those that the support of an operator leaves out come last.
    #[test]
    fn of_equal_weights_the_first_go_in(weights in prop::collection::vec(eighths(0..=3), 1..20), at in 0.0..1.0) {
        let neuron = Neuron::new(&weights, at * weights.iter().sum::<f64>(), 1.0).unwrap();
        for metric in METRICS {
            let found = activable_projection(&neuron, metric);
            let Some(support) = found.operator.support() else { continue };
            for (j, w) in weights.iter().enumerate() {
                for (i, v) in weights.iter().enumerate() {
                    let before = v > w || v == w && i < j;
                    prop_assert!(!before || support[i] >= support[j], "{metric:?}: {found:?}");
                }
            }
        }
    }

    /// The sets are cones: a huge or tiny neuron projects like one of ordinary size.
    #[test]
    fn projection_scales((weights, bias) in neurons(8), unit in prop::sample::select(vec![1e-300, 1e-20, 1e250])) {
        let scaled: Vec<f64> = weights.iter().map(|w| w * unit).collect();
        for metric in METRICS {
            let ordinary = activable_projection(&Neuron::new(&weights, bias, 1.0).unwrap(), metric);
            let found = activable_projection(&Neuron::new(&scaled, bias * unit, 1.0).unwrap(), metric);
            prop_assert!((found.distance / unit - ordinary.distance).abs() < 1e-7);
        }
    }

    #[test]
    fn wild_weights_give_finite_numbers(weights in prop::collection::vec(any_weight(), 0..9), bias in any_weight()) {
        for metric in METRICS {
            let found = activable_projection(&Neuron::new(&weights, bias, 1.0).unwrap(), metric);
            prop_assert!(found.distance.is_finite() && found.bias.is_finite());
            prop_assert!(found.weights.iter().chain(&found.weight_gradient).all(|v| v.is_finite()));
        }
    }
}

#[test]
fn constant_neurons_are_pulled_to_the_border() {
    let neuron = Neuron::new(&[1.0, 2.0], -0.5, 1.0).unwrap();
    let found = activable_projection(&neuron, Metric::Dual);
    assert_eq!(found.operator, SetOperator::Constant(true));
    assert_eq!((found.distance, found.bias, found.bias_gradient), (0.5, 0.0, -0.5));
    let above = Neuron::new(&[1.0, 2.0], 3.5, 1.0).unwrap();
    assert_eq!(activable_projection(&above, Metric::Dual).operator, SetOperator::Constant(false));
}

/// A majority of three is nearer to the union of two of its inputs than to that of all three.
#[test]
fn equal_weights_may_be_split() {
    let neuron = Neuron::new(&[1.0; 3], 1.5, 1.0).unwrap();
    let found = activable_projection(&neuron, Metric::Dual);
    assert_eq!(found.operator, SetOperator::Dilation(vec![true, true, false]));
    assert!((found.distance - nearest_distance(&neuron, Metric::Dual)).abs() < 1e-12);
    assert!((found.distance.powi(2) - 1.0 / 6.0).abs() < 1e-12);
}

#[test]
fn nothing_to_project() {
    for weights in [&[][..], &[0.0, 0.0]] {
        let neuron = Neuron::new(weights, 0.0, 1.0).unwrap();
        let found = activable_projection(&neuron, Metric::Centred);
        assert_eq!((found.operator, found.distance), (SetOperator::Constant(false), 0.0));
    }
}

#[test]
fn binarize_projects_what_is_not_activated() {
    let neuron = Neuron::new(&[1.0, 1.0, 0.2], 0.1, -1.0).unwrap();
    let method = Method::Activable(Metric::default());
    let exact = binarize(&neuron, InputBounds::BINARY, method).unwrap();
    assert_eq!(exact.operator, SetOperator::Dilation(vec![true; 3]));
    let vague = Neuron::new(&[1.0, 0.9, 0.3, 0.2], 0.4, -1.0).unwrap();
    let nearest = binarize(&vague, InputBounds::BINARY, method).unwrap();
    assert_eq!(nearest.operator, SetOperator::Dilation(vec![true, true, false, false]));
    assert!(nearest.complement);
}
