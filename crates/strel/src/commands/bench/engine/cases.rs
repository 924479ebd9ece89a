//! What is timed.

use std::hint::black_box;

use strel::image::naive::packed;
use strel::image::{BitImage, Border, Engine, Plan, StructuringElement};

use crate::commands::bench::uniform::Uniform;
use crate::error::CliError;

/// An operator on a square image.
#[derive(Clone, Copy)]
pub struct Case {
    pub size: usize,
    pub threads: usize,
    task: Task,
}

#[derive(Clone, Copy)]
struct Task {
    /// The operator and its element, the name of the case.
    name: &'static str,
    element: Element,
    opens: bool,
    /// Whether the image is given and wanted as a byte a pixel.
    bytes: bool,
}

#[derive(Clone, Copy)]
enum Element {
    Square(usize),
    Disk(usize),
    /// Length and angle in degrees.
    Line(usize, u32),
}

/// Who does the work.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// The engine.
    Strel,
    /// A pass over the packed words for each pixel of the element.
    Naive,
    /// A copy of the packed image: no operator can be faster.
    Copy,
}

const fn dilation(name: &'static str, element: Element) -> Task {
    Task { name, element, opens: false, bytes: false }
}

const TASKS: [Task; 9] = [
    dilation("dilation square 3", Element::Square(3)),
    dilation("dilation disk 2", Element::Disk(2)),
    dilation("dilation disk 3", Element::Disk(3)),
    dilation("dilation disk 5", Element::Disk(5)),
    dilation("dilation line 7", Element::Line(7, 0)),
    dilation("dilation diagonal 7", Element::Line(7, 45)),
    Task { opens: true, ..dilation("opening disk 3", Element::Disk(3)) },
    Task { bytes: true, ..dilation("dilation square 3 of bytes", Element::Square(3)) },
    Task { bytes: true, ..dilation("dilation disk 3 of bytes", Element::Disk(3)) },
];

/// From this size on, images exceed the caches, and a few cases say enough.
const LARGE: usize = 8192;

impl Case {
    /// The cases of a size: on one thread, and large images on two, too.
    pub fn all(size: usize) -> Vec<Case> {
        let large = ["dilation square 3", "dilation disk 5"];
        let tasks = TASKS.iter().filter(|task| size < LARGE || large.contains(&task.name));
        let threads: &[usize] = if size < LARGE { &[1] } else { &[1, 2] };
        tasks
            .flat_map(|&task| threads.iter().map(move |&threads| Case { size, threads, task }))
            .collect()
    }

    /// The size and the operator, and the threads where there are several.
    pub fn name(&self) -> String {
        let name = format!("{} {}", self.size, self.task.name);
        if self.threads == 1 { name } else { format!("{name}, {} threads", self.threads) }
    }

    pub fn operation(&self) -> &'static str {
        self.task.name
    }

    pub fn bytes(&self) -> bool {
        self.task.bytes
    }

    /// Who does this case's work: the naive program only the operators that it has.
    pub fn programs(&self) -> impl Iterator<Item = Program> + use<> {
        let others = self.threads == 1 && !self.task.bytes;
        let naive = others && !self.task.opens;
        [(Program::Strel, true), (Program::Naive, naive), (Program::Copy, others)]
            .into_iter()
            .filter_map(|(program, does)| does.then_some(program))
    }

    /// What the engine makes of an image.
    pub fn result(&self, image: &BitImage) -> BitImage {
        self.plan().apply(image)
    }

    /// Compares the result with the naive one, bit for bit.
    pub fn check(&self, image: &BitImage) -> Result<(), CliError> {
        let result = if self.task.bytes {
            let bytes = self.plan().apply(&from_bytes(self.size, &image.to_bytes(1))).to_bytes(1);
            from_bytes(self.size, &bytes)
        } else {
            self.result(image)
        };
        if result == self.naive(image) {
            return Ok(());
        }
        Err(CliError::Usage(format!("{}: the result is not that of naive code", self.name())))
    }

    /// The work, to be timed.
    pub fn work(&self, program: Program, image: &BitImage) -> Box<dyn FnMut()> {
        let image = image.clone();
        match program {
            Program::Strel if self.task.bytes => self.byte_work(&image),
            Program::Strel => {
                let (plan, engine, mut outputs) = (self.plan(), self.engine(), [empty()]);
                Box::new(move || {
                    plan.run_into(&engine, &[black_box(&image)], &mut outputs).expect("one image");
                })
            }
            Program::Naive => {
                let element = self.element();
                Box::new(move || drop(black_box(packed::dilate(black_box(&image), &element))))
            }
            Program::Copy => {
                let source: Vec<u64> = image.rows().flatten().copied().collect();
                let mut target = source.clone();
                Box::new(move || black_box(&mut target).copy_from_slice(black_box(&source)))
            }
        }
    }

    fn byte_work(&self, image: &BitImage) -> Box<dyn FnMut()> {
        let (plan, engine, mut outputs) = (self.plan(), self.engine(), [empty()]);
        let (source, mut target) = (image.to_bytes(1), image.to_bytes(1));
        let mut image = image.clone();
        Box::new(move || {
            image.copy_from_bytes(black_box(&source)).expect("a byte a pixel");
            plan.run_into(&engine, &[&image], &mut outputs).expect("one image");
            outputs[0].copy_to_bytes(1, black_box(&mut target)).expect("a byte a pixel");
        })
    }

    fn engine(&self) -> Engine {
        Engine::new(Engine::default().kernel(), self.threads)
            .expect("the default's kernel is there")
    }

    fn plan(&self) -> Plan {
        let element = self.element();
        Plan::unary(Border::Neutral, |plan, image| match self.task.opens {
            true => plan.open(image, &element),
            false => plan.dilate(image, &element),
        })
    }

    fn naive(&self, image: &BitImage) -> BitImage {
        let element = self.element();
        if !self.task.opens {
            return packed::dilate(image, &element);
        }
        // Outside the image, where the erosion reads ones, the complement has zeros.
        let eroded = packed::dilate(&image.complement(), &element.reflect()).complement();
        packed::dilate(&eroded, &element)
    }

    fn element(&self) -> StructuringElement {
        let element = match self.task.element {
            Element::Square(side) => StructuringElement::rectangle(side, side),
            Element::Disk(radius) => StructuringElement::disk(radius),
            Element::Line(length, degrees) => StructuringElement::line(length, degrees),
        };
        element.expect("the elements are small")
    }
}

fn from_bytes(size: usize, bytes: &[u8]) -> BitImage {
    BitImage::from_bytes(size, size, bytes).expect("a byte a pixel")
}

fn empty() -> BitImage {
    BitImage::new(0, 0)
}

/// Blobs of about 8 pixels, as many ones as zeros.
pub fn image(seed: u64, size: usize) -> BitImage {
    let mut uniform = Uniform(seed);
    let across = size / 8 + 1;
    let cells: Vec<bool> = (0..across * across).map(|_| uniform.bits() >> 63 == 1).collect();
    // Slanted, so that edges meet every column of a word.
    BitImage::from_fn(size, size, |row, col| cells[(row + col / 3) / 8 % across * across + col / 8])
}
