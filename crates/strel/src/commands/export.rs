//! `strel export`.

use std::io::{Write, stdout};

use strel::network::export::{to_c, to_json, to_onnx, to_python, to_verilog};

use crate::Answer;
use crate::cli::{ExportArgs, ExportFormat};
use crate::error::CliError;
use crate::inputs::{binarized_network, network_files};
use crate::outputs::{check_outputs, write_file};

pub fn run(args: ExportArgs) -> Result<Answer, CliError> {
    let network = binarized_network(&args.network)?;
    let inputs = network_files(&args.network);
    check_outputs(&inputs, [&args.out])?;
    let stem = args.out.file_stem().unwrap_or_default().to_string_lossy();
    match args.to {
        ExportFormat::Json => write_file(&args.out, to_json(&network).as_bytes())?,
        ExportFormat::Onnx => write_file(&args.out, &to_onnx(&network)?)?,
        ExportFormat::Python => write_file(&args.out, to_python(&network)?.as_bytes())?,
        ExportFormat::Verilog => write_file(&args.out, to_verilog(&network, &stem)?.as_bytes())?,
        ExportFormat::C if args.out.extension().is_some_and(|ending| ending == "h") => {
            return Err(CliError::Usage(format!(
                "{} would be the header; expected the name of the source, like network.c",
                args.out.display()
            )));
        }
        ExportFormat::C => {
            let c = to_c(&network, &stem, args.words.into())?;
            let header = args.out.with_file_name(format!("{}.h", c.name));
            check_outputs(&inputs, [&args.out, &header])?;
            write_file(&args.out, c.source.as_bytes())?;
            write_file(&header, c.header.as_bytes())?;
            let (source, header) = (args.out.display(), header.display());
            writeln!(
                stdout(),
                "{source} and {header}: {} bytes of constant tables",
                c.table_bytes
            )?;
        }
    }
    Ok(Answer::Yes)
}
