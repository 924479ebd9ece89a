//! `strel bench binarize`.

use std::hint::black_box;
use std::io::{Write, stdout};
use std::path::Path;
use std::time::Instant;

use serde_json::{Value, json};
use strel::theory::{
    ConstantRule, LosslessBudget, Metric, Neuron, TheoryError, activable_projection,
    constant_projection, lossless,
};

use crate::Answer;
use crate::cli::BenchBinarizeArgs;
use crate::error::CliError;
use crate::outputs::write_file;

use super::cpu;
use super::uniform::Uniform;

const LOSSLESS_NOTE: &str = "lossless: 9 and 25 inputs only; beyond 28 distinct weights no smaller gate is searched, \
the float weights become the gate";
const DRAWN_NOTE: &str = "f32 weights ln(1 + e^z), z uniform in [-3, 3); biases uniform over 0 to the sum of the weights";

pub fn run(args: BenchBinarizeArgs) -> Result<Answer, CliError> {
    if let Some(file) = &args.values {
        write_values(file, &args)?;
    }
    let report = report(&args)?;
    let mut out = stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&report).expect("plain values"))?;
    } else {
        print(&mut out, &report)?;
    }
    Ok(Answer::Yes)
}

/// What is timed for one neuron.
#[derive(Clone, Copy)]
enum Projection {
    Constant,
    Activable(Metric),
    Lossless,
}

impl Projection {
    fn name(self) -> &'static str {
        match self {
            Self::Constant => "constant",
            Self::Activable(Metric::Dual) => "activable dual",
            Self::Activable(Metric::Centred) => "activable centred",
            Self::Activable(Metric::Euclidean) => "activable euclidean",
            Self::Lossless => "lossless",
        }
    }

    fn apply(self, neuron: &Drawn) -> Result<(), TheoryError> {
        let view = neuron.view()?;
        match self {
            Self::Constant => {
                let nearest = constant_projection(&neuron.weights, ConstantRule::Exact)?;
                black_box(nearest.operator(&view));
            }
            Self::Activable(metric) => drop(black_box(activable_projection(&view, metric))),
            Self::Lossless => drop(black_box(lossless(&view, LosslessBudget::default())?)),
        }
        Ok(())
    }
}

const ACTIVABLE: [Projection; 3] = [
    Projection::Activable(Metric::Dual),
    Projection::Activable(Metric::Centred),
    Projection::Activable(Metric::Euclidean),
];

/// A random neuron; its numbers are those of an `f32` network.
struct Drawn {
    weights: Vec<f64>,
    bias: f64,
}

impl Drawn {
    fn view(&self) -> Result<Neuron<'_>, TheoryError> {
        Neuron::new(&self.weights, self.bias, 1.0)
    }
}

/// The seed goes with the size, so that the first neurons of a size are the same whatever is timed, and how long.
fn draw(seed: u64, inputs: usize, count: usize) -> Vec<Drawn> {
    let mut uniform = Uniform(seed.wrapping_mul(1 << 20).wrapping_add(inputs as u64));
    let neuron = |_| {
        let mut weight = || f64::from((6.0 * uniform.next() - 3.0).exp().ln_1p() as f32);
        let weights: Vec<f64> = (0..inputs).map(|_| weight()).collect();
        let bias = f64::from((uniform.next() * weights.iter().sum::<f64>()) as f32);
        Drawn { weights, bias }
    };
    (0..count).map(neuron).collect()
}

fn report(args: &BenchBinarizeArgs) -> Result<Value, CliError> {
    let repeats = if args.quick { 2 } else { 7 };
    let count = |full: usize, quick: usize| if args.quick { quick } else { full };
    let mut rates = Vec::new();
    for (inputs, neurons) in [(9, 4096), (25, 4096), (49, 2048), (784, 256)] {
        let drawn = draw(args.seed, inputs, count(neurons, 2));
        rates.push(timed(&drawn, Projection::Constant, repeats)?);
        for projection in ACTIVABLE {
            rates.push(timed(&drawn, projection, repeats)?);
        }
        if inputs <= 25 {
            let few = &drawn[..count(if inputs == 9 { 256 } else { 16 }, 1)];
            rates.push(timed(few, Projection::Lossless, repeats)?);
        }
    }
    let layer = draw(args.seed, 784, count(4096, 4));
    let mut layers = Vec::new();
    for projection in &ACTIVABLE[..2] {
        layers.push(timed(&layer, *projection, repeats.min(3))?);
    }
    Ok(json!({
        "machine": { "cpu": cpu(), "threads": 1 },
        "quick": args.quick,
        "seed": args.seed,
        "rates": rates,
        "layers": layers,
        "notes": [DRAWN_NOTE, LOSSLESS_NOTE],
    }))
}

/// Times the projection of all neurons, one after the other, after one round that is not counted.
fn timed(neurons: &[Drawn], projection: Projection, repeats: usize) -> Result<Value, TheoryError> {
    let round = || -> Result<f64, TheoryError> {
        let start = Instant::now();
        neurons.iter().try_for_each(|neuron| projection.apply(black_box(neuron)))?;
        Ok(start.elapsed().as_secs_f64())
    };
    round()?;
    let mut seconds = (0..repeats).map(|_| round()).collect::<Result<Vec<f64>, _>>()?;
    seconds.sort_by(f64::total_cmp);
    let (least, median) = (seconds[0], seconds[repeats / 2]);
    Ok(json!({
        "inputs": neurons[0].weights.len(),
        "projection": projection.name(),
        "neurons": neurons.len(),
        "repeats": repeats,
        "min_seconds": least,
        "median_seconds": median,
        "neurons_per_second": neurons.len() as f64 / median,
    }))
}

/// The first neurons of some sizes with their projections, for other programs to compare.
fn write_values(file: &Path, args: &BenchBinarizeArgs) -> Result<(), CliError> {
    let mut values = Vec::new();
    for (inputs, count) in [(9, 10), (25, 10), (784, 1)] {
        for neuron in draw(args.seed, inputs, if args.quick { 1 } else { count }) {
            let nearest = activable_projection(&neuron.view()?, Metric::Dual);
            values.push(json!({
                "inputs": inputs,
                "weights": neuron.weights,
                "bias": neuron.bias,
                "metric": "dual",
                "operation": format!("{:?}", nearest.operation).to_lowercase(),
                "support": nearest.operator.support(),
                "distance": nearest.distance,
            }));
        }
    }
    write_file(file, Value::from(values).to_string().as_bytes())
}

fn print(out: &mut impl Write, report: &Value) -> std::io::Result<()> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    writeln!(out, "{}, 1 thread, seed {}", text(&report["machine"]["cpu"]), report["seed"])?;
    writeln!(
        out,
        "\n{:>6}  {:20}{:>14}{:>14}{:>14}",
        "inputs", "projection", "min us", "median us", "neurons/s"
    )?;
    for rate in report["rates"].as_array().into_iter().flatten() {
        let number = |key: &str| rate[key].as_f64().unwrap_or(f64::NAN);
        let each = |key: &str| 1e6 * number(key) / number("neurons");
        writeln!(
            out,
            "{:>6}  {:20}{:>14.2}{:>14.2}{:>14.0}",
            rate["inputs"],
            text(&rate["projection"]),
            each("min_seconds"),
            each("median_seconds"),
            number("neurons_per_second")
        )?;
    }
    writeln!(out)?;
    for layer in report["layers"].as_array().into_iter().flatten() {
        writeln!(
            out,
            "layer {} -> {}, {}: min {:.3} s, median {:.3} s",
            layer["inputs"],
            layer["neurons"],
            text(&layer["projection"]),
            layer["min_seconds"].as_f64().unwrap_or(f64::NAN),
            layer["median_seconds"].as_f64().unwrap_or(f64::NAN)
        )?;
    }
    for note in report["notes"].as_array().into_iter().flatten() {
        writeln!(out, "{}", text(note))?;
    }
    Ok(())
}
