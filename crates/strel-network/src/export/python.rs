//! Networks in Python.

use strel_image::{Border, StructuringElement};

use crate::export::steps::{Action, Step, Steps, Term};
use crate::{Network, NetworkError};

const SUPPORT: &str = include_str!("python/support.py");

/// A network of images as a Python module that calls NumPy and SciPy. Its function `apply` takes as
/// many images as the network, arrays of truth values `[height, width]`, and gives an array, or a
/// tuple of them.
///
/// Results are those of [`Network::apply`] for every image with pixels.
///
/// # Errors
/// [`NetworkError::NotExported`] for a network with a dense layer or scores.
///
/// ```
/// use strel_image::Border;
/// use strel_network::export::to_python;
/// use strel_network::{Bisel, Layer, MorphologicalNeuron, Network, Operator};
///
/// let erosion = MorphologicalNeuron::activated(Operator::Erosion(".#.\n#O#".parse()?));
/// let network = Network::new(Border::One, vec![Layer::Bisel(Bisel::one_to_one(erosion))])?;
/// assert!(to_python(&network)?.ends_with("\
/// def apply(x1):
///     layer1_output1 = erode(
///         x1,
///         element(
///             \".#.\",
///             \"#O#\",
///         ),
///     )
///     return layer1_output1
/// "));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn to_python(network: &Network) -> Result<String, NetworkError> {
    let steps = Steps::of_images(network)?;
    let (version, digest) = (env!("CARGO_PKG_VERSION"), &network.digest()[..16]);
    let support = SUPPORT.replace("$PAD", padding(steps.border));
    let parameters: Vec<String> = (1..=steps.inputs).map(|number| format!("x{number}")).collect();
    let body: String = steps.images.iter().map(|step| statement(&steps, step)).collect();
    let outputs: Vec<&str> = steps.outputs.iter().map(|&image| name(&steps, image)).collect();
    Ok(format!(
        "\"\"\"A binary morphological network, written by strel {version} from network {digest}.\"\"\"\n\n\
         import numpy as np\nfrom scipy import ndimage\n\n\n{support}\n\n\
         def apply({}):\n{body}    return {}\n",
        parameters.join(", "),
        outputs.join(", "),
    ))
}

/// The last arguments of NumPy's `pad`.
fn padding(border: Border) -> &'static str {
    match border {
        Border::Replicate => "mode=\"edge\"",
        Border::Reflect => "mode=\"symmetric\"",
        Border::One => "constant_values=True",
        Border::Zero | Border::Neutral => "constant_values=False",
    }
}

fn name<'a>(steps: &'a Steps, image: usize) -> &'a str {
    &steps.images[image].name
}

/// The line, or lines, that make an image.
fn statement(steps: &Steps, step: &Step) -> String {
    let join = |images: &[usize], operator: &str| {
        let names: Vec<&str> = images.iter().map(|&image| name(steps, image)).collect();
        if step.complement { format!("({})", names.join(operator)) } else { names.join(operator) }
    };
    let value = match &step.action {
        Action::Input(_) => return String::new(),
        Action::Constant { like, value } => {
            let value = if *value { "True" } else { "False" };
            format!("constant({value}, {})", name(steps, *like))
        }
        Action::Dilation(image, element) => call("dilate", name(steps, *image), element),
        Action::Erosion(image, element) => call("erode", name(steps, *image), element),
        Action::Union(images) => join(images, " | "),
        Action::Intersection(images) => join(images, " & "),
        Action::Gate { terms, threshold } => {
            let term = |term: &Term| {
                let (image, (dy, dx)) = (name(steps, term.image), term.offset);
                format!("weighted({}, {image}, {dy}, {dx})", term.weight)
            };
            let terms: Vec<String> = terms.iter().map(term).collect();
            format!("(\n        {}\n        > {threshold}\n    )", terms.join("\n        + "))
        }
        Action::MaxPool(image) => format!("max_pool({})", name(steps, *image)),
    };
    let not = if step.complement { "~" } else { "" };
    format!("    {} = {not}{value}\n", step.name)
}

fn call(function: &str, image: &str, element: &StructuringElement) -> String {
    let picture = element.to_string();
    let rows: String = picture.lines().map(|row| format!("            \"{row}\",\n")).collect();
    format!("{function}(\n        {image},\n        element(\n{rows}        ),\n    )")
}
