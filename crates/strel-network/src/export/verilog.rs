//! Networks in Verilog.

mod border;
mod delays;
mod step;

use std::collections::BTreeSet;

use strel_image::Border;

use crate::export::names::identifier;
use crate::export::steps::{Action, Steps};
use crate::{Network, NetworkError, Place};
use delays::{Delay, Delays};
use step::register_name;

const MODULES: [&str; 2] = [include_str!("verilog/position.v"), include_str!("verilog/rows.v")];

/// A network of BiSEL layers as a Verilog module (IEEE 1364-2005) that takes a pixel of each input and
/// gives one of each output a clock, row by row. Its name is `name`, other characters than ASCII
/// letters and digits replaced, and `_network`.
///
/// Images of `WIDTH` x `HEIGHT` pixels, which are parameters, follow one another without a pause:
/// the pixels of the next one, or any others, push out the last rows of the one before. Each image
/// between the layers has a memory of as many rows as later ones read, which synthesis makes block RAM
/// of, and registers of the pixels around the one that is computed; each operator is a stage of the
/// pipeline.
///
/// With a reflected border, images must have as many rows and columns as an operator reaches aside.
///
/// # Errors
/// [`NetworkError::NotExported`] for a network with other layers.
///
/// ```
/// use strel_image::Border;
/// use strel_network::export::to_verilog;
/// use strel_network::{Bisel, Layer, MorphologicalNeuron, Network, Operator};
///
/// let erosion = MorphologicalNeuron::activated(Operator::Erosion("O#".parse()?));
/// let network = Network::new(Border::One, vec![Layer::Bisel(Bisel::one_to_one(erosion))])?;
/// let verilog = to_verilog(&network, "edges")?;
/// assert!(verilog.contains("module edges_network #("));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn to_verilog(network: &Network, name: &str) -> Result<String, NetworkError> {
    let steps = Steps::of_images(network)?;
    refuse_pools(network)?;
    let name = identifier(name);
    let delays = Delays::new(&steps);
    let design = Design { steps: &steps, delays: &delays, name: &name };
    let (version, digest) = (env!("CARGO_PKG_VERSION"), &network.digest()[..16]);
    let parts: Vec<String> = (0..steps.images.len()).map(|index| design.step(index)).collect();
    Ok(format!(
        "// Written by strel {version} from network {digest}.\n\n{}\n{}{}{}\n{}endmodule\n\n\
         `default_nettype wire\n",
        MODULES.concat().replace("NAME", &name),
        design.interface(),
        design.place() + &design.positions(),
        parts.concat(),
        design.outputs(),
    ))
}

fn refuse_pools(network: &Network) -> Result<(), NetworkError> {
    let mut layers = network.layers().iter().enumerate();
    match layers.find(|(_, layer)| layer.bisel().is_none()) {
        None => Ok(()),
        Some((index, layer)) => Err(NetworkError::NotExported {
            place: Place::layer(index),
            found: layer.stage().effect.to_string(),
            expected: "BiSEL layers only",
        }),
    }
}

/// What is written.
struct Design<'a> {
    steps: &'a Steps<'a>,
    delays: &'a Delays,
    /// What the names of modules begin with.
    name: &'a str,
}

impl Design<'_> {
    fn interface(&self) -> String {
        let name = self.name;
        let (inputs, outputs) = (self.steps.inputs, self.steps.outputs.len());
        let border = self.steps.border;
        let limit = match (border, self.delays.reach) {
            (Border::Reflect, (rows, cols)) => {
                format!("\n// HEIGHT is at least {rows} and WIDTH at least {cols}.")
            }
            _ => String::new(),
        };
        format!(
            "// A pixel of each input in, one of each output out, in each clock that enables: of images of\n\
             // WIDTH x HEIGHT pixels, row by row, one after the other without a pause. What lies outside is\n\
             // read as the border {border} says. Outputs are valid from LATENCY enabled clocks after the\n\
             // first input on.{limit}\n\
             module {name}_network #(\n    parameter [15:0] WIDTH = 64,\n    parameter [15:0] HEIGHT = 64\n) (\n    \
             input wire clock,\n    input wire reset,\n    input wire enable,\n    \
             input wire [{}:0] pixels,\n    output wire valid,\n    output wire [{}:0] results\n);\n\n\
             localparam integer W = {{16'd0, WIDTH}};\n",
            inputs - 1,
            outputs - 1,
        )
    }

    /// The counter that all memories of rows share.
    fn place(&self) -> String {
        match self.delays.stages.iter().any(|stage| stage.registers.len() > 1) {
            true => "\nreg [15:0] place;\nalways @(posedge clock)\n    \
                     if (reset) place <= 0;\n    \
                     else if (enable) place <= place + 16'd2 >= WIDTH ? 16'd0 : place + 16'd1;\n"
                .to_owned(),
            false => String::new(),
        }
    }

    /// Counters of rows and columns for all delays at which operators read windows.
    fn positions(&self) -> String {
        let name = self.name;
        let windows = self.steps.images.iter().zip(&self.delays.stages);
        let windows = windows.filter(|(step, _)| {
            matches!(step.action, Action::Dilation(..) | Action::Erosion(..) | Action::Gate { .. })
        });
        let delays: BTreeSet<Delay> = windows.map(|(_, stage)| stage.computed).collect();
        let position = |delay: Delay| {
            let (suffix, clocks) = (delay.suffix(), delay.clocks());
            format!(
                "\nwire [15:0] row{suffix}, col{suffix};\n\
                 {name}_position #(WIDTH, HEIGHT, {clocks}) position{suffix} (\n    \
                 clock, reset, enable, row{suffix}, col{suffix}\n);\n"
            )
        };
        delays.into_iter().map(position).collect()
    }

    fn outputs(&self) -> String {
        let latency = self.delays.latency;
        let output = |&image: &usize| {
            let (row, col) = self.delays.given(image).place();
            format!("{}[{col}]", register_name(&self.steps.images[image].name, row))
        };
        // The first output is the lowest bit.
        let outputs: Vec<String> = self.steps.outputs.iter().rev().map(output).collect();
        format!(
            "localparam integer LATENCY = {};\nreg [31:0] clocks;\n\
             always @(posedge clock)\n    if (reset) clocks <= 0;\n    \
             else if (enable && clocks != LATENCY) clocks <= clocks + 1;\n\n\
             assign valid = enable && clocks == LATENCY;\nassign results = {{{}}};\n\n",
            latency.clocks(),
            outputs.join(", "),
        )
    }
}
