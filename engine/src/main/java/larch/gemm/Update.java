package larch.gemm;

/// How finished sums enter C. A kernel is compiled for one of these: a branch inside would double its length, and C2
/// at times keeps vectors that come from two branches as objects.
public enum Update {
    /// `C ← A·B`: alpha is 1 and beta 0.
    SET("set"),
    /// `C ← alpha · A·B`: beta is 0.
    SCALE("scale"),
    /// `C ← alpha · A·B + beta · C`, any alpha and beta.
    ADD("add");

    private final String verb;

    Update(String verb) {
        this.verb = verb;
    }

    /// @return a word for names of kernels
    public String verb() {
        return verb;
    }

    static Update of(float alpha, float beta) {
        return beta != 0 ? ADD : alpha != 1 ? SCALE : SET;
    }
}
