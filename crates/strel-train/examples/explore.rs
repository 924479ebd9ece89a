use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::*;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use strel_image::*;
use strel_theory::{Method, ConstantRule, Neuron, InputBounds, SetOperator, binarize, activation};
use strel_train::data::*;
use strel_train::layers::*;

#[derive(Module, Debug)]
struct Net { layers: Vec<Bisel> }

fn vals<const D: usize>(t: Tensor<D>) -> Vec<f64> { t.into_data().try_to_vec::<f32>().unwrap().into_iter().map(|v| v as f64).collect() }
fn env(k: &str, d: f64) -> f64 { std::env::var(k).ok().and_then(|v| v.parse().ok()).unwrap_or(d) }

fn batch(n: &Noisti, seed: u64, count: usize, d: &Device) -> (Tensor<4>, Tensor<4>, Vec<Pair>) {
    let pairs: Vec<Pair> = (0..count).map(|i| n.pair(seed.wrapping_mul(1000003) + i as u64)).collect();
    let t = |f: fn(&Pair) -> &BitImage| {
        let v: Vec<f32> = pairs.iter().flat_map(|p| f(p).pixels().map(|b| b as u8 as f32).collect::<Vec<_>>()).collect();
        Tensor::<4>::from_data(TensorData::new(v, [count, 1, n.size, n.size]), d)
    };
    (t(|p| &p.input), t(|p| &p.target), pairs)
}
fn dice(a: &BitImage, b: &BitImage) -> f64 {
    let i = a.intersection(b).unwrap().count_ones() as f64; let s = (a.count_ones() + b.count_ones()) as f64;
    if s == 0.0 { 1.0 } else { 2.0 * i / s }
}
fn main() {
    let d = Device::flex().autodiff();
    let n = Noisti::default(); let mu1 = env("MU1", 0.5);
    let (bs, lr, steps, seed, p0, reg, regat, sharp) = (env("B", 32.0) as usize, env("LR", 1e-2), env("STEPS", 3000.0) as usize, env("SEED", 0.0) as u64, env("P0", 0.0), env("REG", 0.0), env("REGAT", 0.5), env("SHARP", 0.0));
    let k = env("K", 5.0) as usize; let c = env("C", 3.0) as usize;
    let (tx, tt, tp) = batch(&n, 999_999_937, 200, &d);
    let hand = |l: usize| { let v: f64 = tp.iter().map(|p| { let mut o = BitImage::new(70,70); for a in [0u32,45,90] { o.union_with(&open(&p.input, &StructuringElement::line(l, a).unwrap(), Border::Neutral)).unwrap(); } dice(&o, &p.target)}).sum(); v/200.0 };
    println!("noisy {:.4} hand5 {:.4} hand7 {:.4}", tp.iter().map(|p| dice(&p.input, &p.target)).sum::<f64>()/200.0, hand(5), hand(7));
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut net = Net { layers: vec![
        Bisel::new([1, c], (k, k), Border::Replicate, env("MU", 0.17), p0 as f32, &mut rng, &d),
        Bisel::new([c, 1], (k, k), Border::Replicate, mu1, p0 as f32, &mut rng, &d)] };
    let mut opt = AdamConfig::new().with_epsilon(1e-8).init();
    let t0 = std::time::Instant::now();
    for step in 0..=steps {
        if step % 250 == 0 {
            let mut y = tx.clone();
            for l in &net.layers { y = l.forward(y); }
            let y = y.detach();
            let yv = vals(y);
            let f: f64 = tp.iter().enumerate().map(|(i, p)| dice(&BitImage::from_fn(70,70,|r,c| yv[i*4900 + r*70 + c] > 0.5), &p.target)).sum::<f64>()/200.0;
            // binarize
            let mut act = 0; let mut tot = 0;
            let mut images: Vec<Vec<BitImage>> = tp.iter().map(|p| vec![p.input.clone()]).collect();
            let mut desc = String::new();
            for l in &net.layers {
                let w = vals(l.weights()); let b = vals(l.biases()); let p = vals(l.scales());
                let [o, i, _, _] = l.weights().dims();
                let mut ops = vec![];
                for nn in 0..o*i {
                    let ne = Neuron::new(&w[nn*k*k..(nn+1)*k*k], b[nn], p[nn]).unwrap();
                    let a = activation(&ne, InputBounds::BINARY).unwrap();
                    tot += 1; let ok = a.into_result().is_ok(); if ok { act += 1; }
                    let bz = binarize(&ne, InputBounds::BINARY, Method::Constant(ConstantRule::Exact)).unwrap();
                    desc += &format!(" [{}{}{}{:?} p{:.1}]", if ok {"*"} else {""}, if bz.complement {"!"} else {""}, match &bz.operator { SetOperator::Dilation(_) => "D", SetOperator::Erosion(_) => "E", SetOperator::Constant(_) => "C" }, bz.operator.support().map(|s| s.iter().filter(|v| **v).count()), p[nn]);
                    ops.push(bz);
                }
                let lui = l.lui().map(|lu| { let w = vals(lu.weights()); let b = vals(lu.biases()); let p = vals(lu.scales());
                    (0..o).map(|oo| { let ne = Neuron::new(&w[oo*i..(oo+1)*i], b[oo], p[oo]).unwrap(); tot += 1; let ok = activation(&ne, InputBounds::BINARY).unwrap().into_result().is_ok(); if ok { act += 1; }
                    let bz = binarize(&ne, InputBounds::BINARY, Method::Constant(ConstantRule::Exact)).unwrap(); desc += &format!(" L[{}{:?} p{:.1}]", ok, bz, p[oo]); bz }).collect::<Vec<_>>() });
                for im in images.iter_mut() {
                    let mut res = vec![];
                    for (nn, bz) in ops.iter().enumerate() {
                        let x = &im[nn % i];
                        let mk = |s: &Vec<bool>| StructuringElement::from_mask(k, k, (k/2, k/2), s).unwrap();
                        let mut y = match &bz.operator {
                            SetOperator::Dilation(s) => dilate(x, &mk(s).reflect(), Border::Replicate),
                            SetOperator::Erosion(s) => erode(x, &mk(s), Border::Replicate),
                            SetOperator::Constant(v) => BitImage::filled(70, 70, *v) };
                        if bz.complement { y.complement_in_place(); }
                        res.push(y);
                    }
                    *im = match &lui { None => res, Some(l) => (0..o).map(|oo| {
                        BitImage::from_fn(70,70,|r,c| l[oo].apply(&(0..i).map(|ii| res[oo*i+ii].get(r,c)).collect::<Vec<_>>()))}).collect() };
                }
            }
            let bd: f64 = images.iter().zip(&tp).map(|(im, p)| dice(&im[0], &p.target)).sum::<f64>()/200.0;
            println!("{step} {:.0}s float {f:.4} bin {bd:.4} act {act}/{tot} {}", t0.elapsed().as_secs_f64(), if step % 1000 == 0 { desc } else { String::new() });
            if step == steps { break; }
        }
        let (x, t, _) = batch(&n, step as u64 + 1, bs, &d);
        let mut y = x;
        for l in &net.layers { y = l.forward(y); }
        let mut loss = match env("LOSS", 0.0) as u32 { 0 => { let e = y - t; (e.clone()*e).mean() }
            1 => { let y = y.clamp(1e-6, 1.0-1e-6); ((t.clone()*y.clone().log()) + ((t*(-1.0)+1.0)*((y*(-1.0)+1.0).log()))).mean()*(-1.0) }
            _ => { let i = (y.clone()*t.clone()).sum(); let s = (y+t).sum(); i*(-2.0)/s + 1.0 } };
        if reg > 0.0 && step as f64 > regat * steps as f64 {
            for l in &net.layers {
                let wt = l.weights(); let w = vals(wt.clone()); let dims = wt.dims();
                let mut g = vec![];
                for ch in w.chunks(k*k) { g.extend(strel_theory::constant_projection(ch, ConstantRule::Exact).unwrap().gradient().into_iter().map(|v| v as f32)); }
                loss = loss + (wt * Tensor::<4>::from_data(TensorData::new(g, dims), &d)).sum() * reg;
            }
        }
        let rega = env("REGA", 0.0); let from = env("FROM", 0.0) * steps as f64;
        if rega > 0.0 && step as f64 >= from {
            let ramp = ((step as f64 - from) / (env("RAMP", 0.5) * steps as f64)).min(1.0);
            let prog = ((step as f64 / steps as f64 - env("AT", 0.5)) / (1.0 - env("AT", 0.5))).max(0.0); let c = rega * ramp * (env("REGEND", rega) / rega).powf((prog * 1.2).min(1.0));
            let metric = match env("METRIC", 0.0) as u32 { 0 => strel_theory::Metric::Dual, 1 => strel_theory::Metric::Centred, _ => strel_theory::Metric::Euclidean };
            for l in &net.layers {
                let (wt, bt) = (l.weights(), l.biases()); let w = vals(wt.clone()); let b = vals(bt.clone());
                let (mut gw, mut gb) = (vec![], vec![]);
                for (ch, b) in w.chunks(k*k).zip(&b) { let ne = Neuron::new(ch, *b, 1.0).unwrap(); let pr = strel_theory::activable_projection(&ne, metric); gw.extend(pr.weight_gradient.iter().map(|v| *v as f32)); gb.push(pr.bias_gradient as f32); }
                let (dw, db) = (wt.dims(), bt.dims());
                loss = loss + ((wt * Tensor::<4>::from_data(TensorData::new(gw, dw), &d)).sum() + (bt * Tensor::<2>::from_data(TensorData::new(gb, db), &d)).sum()) * c;
                if let Some(l) = l.lui() {
                    let (wt, bt) = (l.weights(), l.biases()); let w = vals(wt.clone()); let b = vals(bt.clone()); let [o, i] = wt.dims();
                    let (mut gw, mut gb) = (vec![], vec![]);
                    for (ch, b) in w.chunks(i).zip(&b) { let ne = Neuron::new(ch, *b, 1.0).unwrap(); let pr = strel_theory::activable_projection(&ne, metric); gw.extend(pr.weight_gradient.iter().map(|v| *v as f32)); gb.push(pr.bias_gradient as f32); }
                    loss = loss + ((wt * Tensor::<2>::from_data(TensorData::new(gw, [o, i]), &d)).sum() + (bt * Tensor::<1>::from_data(TensorData::new(gb, [o]), &d)).sum()) * c;
                }
            }
        }
        let grads = GradientsParams::from_grads(loss.backward(), &net);
        let l = if sharp > 0.0 && step as f64 > 0.5*steps as f64 { lr * (2.0 - 2.0*step as f64/steps as f64).max(0.02) } else { lr };
        net = opt.step(l, net, grads);
    }
}
