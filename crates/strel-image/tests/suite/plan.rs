//! Plans on every kernel against the definitions.

use crate::random::{
    borders, elements, engines, images, large_elements, large_images, shapes, sparse_elements,
};
use proptest::prelude::*;
use strel_image::{
    BitImage, Border, Engine, ImageError, Kernel, Plan, PlanBuilder, StructuringElement, naive,
};

fn any_elements() -> impl Strategy<Value = StructuringElement> {
    prop_oneof![large_elements(), shapes(), sparse_elements()]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn every_kernel_computes_the_definition(
        image in large_images(),
        element in any_elements(),
        border in borders(),
        erodes in any::<bool>(),
    ) {
        let (plan, expected) = if erodes {
            (Plan::erosion(&element, border), naive::erode(&image, &element, border))
        } else {
            (Plan::dilation(&element, border), naive::dilate(&image, &element, border))
        };
        for engine in engines() {
            let found = plan.run(&engine, &[&image]).unwrap();
            prop_assert!(found[0] == expected, "{engine:?} {border}\n{element}\n{plan}");
        }
    }

    #[test]
    fn chains_frame_what_lies_between(
        image in large_images(),
        (first, second) in (elements(), prop_oneof![elements(), sparse_elements()]),
        border in borders(),
    ) {
        let plan = Plan::unary(border, |plan, image| {
            let dilated = plan.dilate(image, &first);
            let eroded = plan.erode(dilated, &second);
            plan.dilate(eroded, &first)
        });
        let dilated = naive::dilate(&image, &first, border);
        let eroded = naive::erode(&dilated, &second, border);
        let expected = naive::dilate(&eroded, &first, border);
        for engine in engines() {
            prop_assert!(plan.run(&engine, &[&image]).unwrap()[0] == expected, "{border}\n{plan}");
        }
    }

    #[test]
    fn many_elements_share_one_input(
        image in images(),
        elements in prop::collection::vec(any_elements(), 0..5),
        border in borders(),
    ) {
        let mut builder = PlanBuilder::new(border);
        let input = builder.input();
        let mut outputs = vec![input, builder.complement(input)];
        let mut expected = vec![image.clone(), image.complement()];
        for element in &elements {
            outputs.push(builder.dilate(input, element));
            outputs.push(builder.erode(input, element));
            expected.push(naive::dilate(&image, element, border));
            expected.push(naive::erode(&image, element, border));
        }
        let dilated = outputs[2..].iter().copied().step_by(2).collect::<Vec<_>>();
        outputs.push(builder.union(&dilated));
        let none = BitImage::new(image.height(), image.width());
        let union = expected[2..].iter().step_by(2).fold(none, |all, one| all.union(one).unwrap());
        expected.push(union);
        // The same operand twice.
        outputs.push(input);
        expected.push(image.clone());
        let plan = builder.finish(&outputs);
        for engine in engines() {
            prop_assert!(plan.run(&engine, &[&image]).unwrap() == expected, "{border}\n{plan}");
        }
    }

    #[test]
    fn batches_are_runs(
        images in prop::collection::vec(images(), 0..6),
        large in large_images(),
        threads in 0..4usize,
        border in borders(),
    ) {
        let disk = StructuringElement::disk(2).unwrap();
        let plan = Plan::unary(border, |plan, image| plan.open(image, &disk));
        let engine = Engine::new(Kernel::best(), threads).unwrap();
        let all: Vec<&BitImage> = images.iter().chain([&large]).collect();
        let batch: Vec<Vec<&BitImage>> = all.iter().map(|&image| vec![image]).collect();
        let expected: Vec<Vec<BitImage>> = all.iter().map(|&image| vec![plan.apply(image)]).collect();
        prop_assert!(plan.run_batch(&engine, &batch).unwrap() == expected);
    }

    /// A run that is also a result is read outside the image as a run, not as a result.
    #[test]
    fn a_result_may_be_a_run_of_another(image in images(), length in 2..6usize, border in borders()) {
        let (short, long) = (
            StructuringElement::line(length, 0).unwrap(),
            StructuringElement::line(3 * length, 0).unwrap(),
        );
        let plan = Plan::unary(border, |plan, image| {
            let (short, long) = (plan.dilate(image, &short), plan.dilate(image, &long));
            let eroded = plan.erode(short, &StructuringElement::rectangle(3, 3).unwrap());
            plan.difference(long, eroded)
        });
        let dilated = naive::dilate(&image, &short, border);
        let eroded = naive::erode(&dilated, &StructuringElement::rectangle(3, 3).unwrap(), border);
        let expected = naive::dilate(&image, &long, border).difference(&eroded).unwrap();
        prop_assert_eq!(plan.apply(&image), expected);
    }
}

#[test]
fn bits_do_not_depend_on_the_number_of_threads() {
    let image = BitImage::from_fn(1000, 2500, |row, col| (row * 7 + col * col / 5) % 11 < 6);
    let disk = StructuringElement::disk(4).unwrap();
    for border in Border::ALL {
        let plan = Plan::unary(border, |plan, image| {
            let opened = plan.open(image, &disk);
            plan.close(opened, &disk)
        });
        let run = |threads| {
            let engine = Engine::new(Kernel::best(), threads).unwrap();
            plan.run(&engine, &[&image]).unwrap()
        };
        let alone = run(1);
        for threads in [0, 2, 3, 16] {
            assert!(run(threads) == alone, "{threads} threads, {border}");
        }
    }
}

#[test]
fn an_input_may_be_the_result() {
    for border in Border::ALL {
        let identity = Plan::unary(border, |_, image| image);
        let twice = Plan::unary(border, |plan, image| {
            let other = plan.complement(image);
            plan.complement(other)
        });
        for (height, width) in [(1, 10), (300, 70), (2, 17_000)] {
            let image = BitImage::from_fn(height, width, |row, col| (row + col * col) % 3 == 0);
            assert!(identity.apply(&image) == image && twice.apply(&image) == image, "{border}");
        }
    }
}

#[test]
fn outputs_are_used_again() {
    let plan = Plan::dilation(&StructuringElement::rectangle(3, 3).unwrap(), Border::One);
    let mut output = BitImage::filled(5, 70, true);
    let image = BitImage::from_fn(5, 70, |row, col| row == 2 && col == 65);
    plan.apply_into(&image, &mut output);
    assert_eq!(output, plan.apply(&image));
    plan.apply_into(&BitImage::new(2, 3), &mut output);
    assert_eq!(output, BitImage::filled(2, 3, true));
}

#[test]
fn an_input_may_be_the_only_result() {
    let image = BitImage::from_fn(30, 70, |row, col| (row + col * col) % 3 == 0);
    for border in Border::ALL {
        assert_eq!(Plan::unary(border, |_, image| image).apply(&image), image);
        assert_eq!(Plan::unary(border, |plan, image| plan.union(&[image])).apply(&image), image);
    }
}

#[test]
fn plans_have_the_inputs_and_outputs_they_have() {
    let mut builder = PlanBuilder::new(Border::Zero);
    let (left, right) = (builder.input(), builder.input());
    let both = builder.intersection(&[left, right]);
    let plan = builder.finish(&[both]);
    let (small, large) = (BitImage::new(2, 2), BitImage::new(3, 3));
    let run = |inputs: &[&BitImage]| plan.run(&Engine::default(), inputs);
    assert_eq!(run(&[&small, &small]), Ok(vec![small.clone()]));
    assert_eq!(
        run(&[&small, &large]),
        Err(ImageError::SizeMismatch { left: (2, 2), right: (3, 3) })
    );
    assert_eq!(run(&[&small]), Err(ImageError::PlanArity { expected: (2, 1), found: (1, 1) }));
    assert!(matches!(run(&[]), Err(ImageError::PlanArity { .. })));
    let batch = [vec![&small, &small], vec![&small]];
    assert_eq!(
        plan.run_batch(&Engine::default(), &batch),
        Err(ImageError::PlanArity { expected: (2, 1), found: (1, 1) })
    );
}

#[test]
fn a_plan_knows_the_rows_it_needs() {
    let element: StructuringElement = "#\n#\no\n#".parse().unwrap();
    let plan = Plan::unary(Border::Zero, |plan, image| plan.erode(image, &element));
    assert_eq!(plan.rows_needed(), (2, 1));
    let opening = Plan::unary(Border::Zero, |plan, image| plan.open(image, &element));
    assert_eq!(opening.rows_needed(), (3, 3));
}

#[test]
fn kernels_are_named() {
    for kernel in Kernel::ALL {
        assert_eq!(kernel.to_string().parse(), Ok(kernel));
        if !kernel.is_available() {
            assert_eq!(Engine::new(kernel, 1), Err(ImageError::KernelUnavailable(kernel)));
        }
    }
    assert_eq!(
        "sse9".parse::<Kernel>().unwrap_err().to_string(),
        "a kernel is one of portable, avx2, avx512, not \"sse9\""
    );
}
