use burn::tensor::*;
use strel_train::ops::*;
use strel_image::Border;
fn main() {
    let d = Device::flex().autodiff();
    let u = |s: [usize;4]| Tensor::<4>::random(s, Distribution::Uniform(0.0,1.0), &d);
    let x = u([256,1,70,70]); let t = u([256,1,70,70]);
    let w1 = u([3,1,5,5]).require_grad(); let w2 = u([1,3,5,5]).require_grad();
    let v = |s: [usize;2]| Tensor::<2>::random(s, Distribution::Uniform(0.0,1.0), &d).require_grad();
    let (b1,p1,b2,p2,w3) = (v([3,1]),v([3,1]),v([1,3]),v([1,3]),v([1,3]));
    let b3 = Tensor::<1>::ones([1],&d).require_grad(); let p3 = Tensor::<1>::ones([1],&d).require_grad();
    for _ in 0..10 {
        let t0 = std::time::Instant::now();
        let h = bise(x.clone(), w1.clone(), b1.clone(), p1.clone(), Border::Replicate);
        let ta = t0.elapsed();
        let h = bise(h, w2.clone(), b2.clone(), p2.clone(), Border::Replicate);
        let tb = t0.elapsed();
        let y = lui(h, w3.clone(), b3.clone(), p3.clone());
        let tc = t0.elapsed();
        let e = y - t.clone(); let loss = (e.clone()*e).mean();
        let td = t0.elapsed();
        let g = loss.backward();
        let te = t0.elapsed();
        println!("{ta:?} {tb:?} {tc:?} loss {td:?} back {te:?} {}", w1.grad(&g).is_some());
    }
}
