package larch.fncf.attack;

/// How the attack keeps features inside their box.
public enum BoxMethod {
    /// Optimizes `w` with `x' = lower + (upper − lower)·(tanh(w) + 1)/2`, which cannot leave the box.
    ///
    /// One-hot features start in a corner, where the derivative of tanh vanishes: with a smoothing of
    /// 0.999999 it is 2·10⁻⁶ of the box and the descent may never get going. Source: Carlini and Wagner 2017,
    /// Section V-B.
    TANH,
    /// Optimizes `x'` itself and clips it to the box after every step.
    PROJECT,
    /// Optimizes `x'` itself; the box is ignored.
    NONE
}
