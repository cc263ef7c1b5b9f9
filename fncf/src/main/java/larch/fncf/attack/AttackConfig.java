package larch.fncf.attack;

/// Every choice of the attack.
///
/// Objective for each row: `distance(x' − x) + loss(z(x'), c, κ)`, minimized by Adam (β 0.9 and 0.999, ε
/// 10⁻⁸, moments reset at every start). A row succeeds with an iterate `x'` if `z(x') ≤ −κ`; the closest such
/// iterate is kept.
///
/// @param confidence         κ, how far below 0 the logit must go, at least 0; larger values transfer to
///                           other models
/// @param initialConst       c of the first search step, positive
/// @param binarySearchSteps  how many values of c a row tries; 1 keeps `initialConst`. After each step c is
///                           ten times as large until a value succeeds, and bisects the known bracket from
///                           then on
/// @param maxIterations      gradient steps of each descent
/// @param learningRate       Adam's first step width
/// @param finalLearningRate  its last step width as a share of the first, in (0, 1]; geometric in between, 1
///                           for no decay
/// @param abortEarly         whether a row stops once its objective has not fallen by 10⁻⁴ of itself within a
///                           tenth of the iterations; each row for itself
/// @param abortFrom          the share of the iterations before which no row stops, in [0, 1]
/// @param box                how features stay within their bounds
/// @param smoothing          factor that pulls clean features off the faces of the box, in (0, 1); for
///                           [BoxMethod#TANH] only
/// @param loss               the term that pulls the logit down
/// @param distance           the term that keeps the perturbation small
/// @param restarts           descents from random starts besides the one from the clean features
/// @param restartRadius      standard deviation, in each attacked column, of a random start around the clean
///                           features
/// @param boundaryTolerance  found perturbations are shortened along their own line until the boundary lies
///                           within this share of their length; 0 leaves them as they are
/// @param boundaryMargin     how far beyond −κ the logit of a shortened perturbation stays, at least 0: who computes it in
///                           another order or in double precision must find it broken, too
/// @param seed               of the random starts
/// @param batchRows          about how many descents one thread runs side by side: enough for efficient products, few
///                           enough for its cache and for all threads to have some; the outcome does not depend on it
public record AttackConfig(float confidence, float initialConst, int binarySearchSteps, int maxIterations, float learningRate,
                           float finalLearningRate, boolean abortEarly, float abortFrom, BoxMethod box, float smoothing,
                           AttackLoss loss, Distance distance, int restarts, float restartRadius, float boundaryTolerance,
                           float boundaryMargin, long seed, int batchRows) {
    private static final float MARGINS = 4;

    /// Checks every number.
    public AttackConfig {
        require(confidence >= 0 && confidence < Float.POSITIVE_INFINITY, "confidence", "at least 0 and finite", confidence);
        require(initialConst > 0 && initialConst < Float.POSITIVE_INFINITY, "initialConst", "positive and finite", initialConst);
        require(binarySearchSteps >= 1, "binarySearchSteps", "at least 1", binarySearchSteps);
        require(maxIterations >= 1, "maxIterations", "at least 1", maxIterations);
        require(learningRate > 0 && learningRate < Float.POSITIVE_INFINITY, "learningRate", "positive and finite", learningRate);
        require(finalLearningRate > 0 && finalLearningRate <= 1, "finalLearningRate", "in (0, 1]", finalLearningRate);
        require(abortFrom >= 0 && abortFrom <= 1, "abortFrom", "in [0, 1]", abortFrom);
        require(smoothing > 0 && smoothing < 1, "smoothing", "in (0, 1)", smoothing);
        require(restarts >= 0, "restarts", "at least 0", restarts);
        require(restartRadius > 0 && restartRadius < Float.POSITIVE_INFINITY, "restartRadius", "positive and finite",
                restartRadius);
        require(boundaryTolerance >= 0 && boundaryTolerance < 1, "boundaryTolerance", "in [0, 1)", boundaryTolerance);
        require(boundaryMargin >= 0 && boundaryMargin < Float.POSITIVE_INFINITY, "boundaryMargin", "at least 0 and finite",
                boundaryMargin);
        require(batchRows >= 1, "batchRows", "at least 1", batchRows);
    }

    private static void require(boolean holds, String name, String expected, Object got) {
        if (!holds) {
            throw new IllegalArgumentException("attack: " + name + " must be " + expected + "; got " + got);
        }
    }

    /// The attack as the paper describes it: one constant for all pairs, the tanh box, no restarts.
    ///
    /// Source: Du et al., Section VI-D, with what it leaves open filled in from Carlini and Wagner's
    /// published code; but for the learning rate (0.1, not 0.01) and the smoothing (0.999, not 0.999999),
    /// without which one-hot features do not move.
    ///
    /// Mind that Adam's first step has the length of the learning rate in every column, whatever c is: a pair
    /// that this step carries across the boundary succeeds at any c. Measure how strong a model is with
    /// [#strong()].
    /// @param c the constant
    /// @return the configuration
    public static AttackConfig paper(float c) {
        return new Builder()
                .initialConst(c).binarySearchSteps(1)
                .learningRate(0.1f).finalLearningRate(1)
                .abortEarly(true).abortFrom(0)
                .box(BoxMethod.TANH)
                .restarts(0).boundaryTolerance(0)
                .build();
    }

    /// The strongest attack we have: for the smallest perturbation of each pair, whatever the scale of the
    /// logits.
    ///
    /// Projection instead of tanh, nine values of c for each pair, five random starts beside the clean one, a
    /// decaying step, no early abort in the first half, and perturbations shortened to the boundary.
    /// @return the configuration
    public static AttackConfig strong() {
        return new Builder().build();
    }

    /// @return how far below 0 descents drive the logit: κ, and where perturbations are shortened afterwards some margins more,
    ///         so that there is something to shorten that the model which judges finds broken by the margin
    float aim() {
        return boundaryTolerance > 0 ? confidence + MARGINS * boundaryMargin : confidence;
    }

    /// @return a builder that starts from these values
    public Builder toBuilder() {
        return new Builder(this);
    }

    /// Sets the components of an [AttackConfig] by name; see there for their meaning. Starts as [#strong()].
    public static final class Builder {
        private float confidence = 0;
        private float initialConst = 1e-3f;
        private int binarySearchSteps = 9;
        private int maxIterations = 1_000;
        private float learningRate = 0.05f;
        private float finalLearningRate = 0.01f;
        private boolean abortEarly = true;
        private float abortFrom = 0.5f;
        private BoxMethod box = BoxMethod.PROJECT;
        private float smoothing = 0.999f;
        private AttackLoss loss = AttackLoss.HINGE;
        private Distance distance = Distance.L2_SQUARED;
        private int restarts = 5;
        private float restartRadius = 0.25f;
        private float boundaryTolerance = 1e-4f;
        private float boundaryMargin = 1e-5f;
        private long seed = 1;
        private int batchRows = 128;

        private Builder() {
        }

        private Builder(AttackConfig config) {
            confidence = config.confidence;
            initialConst = config.initialConst;
            binarySearchSteps = config.binarySearchSteps;
            maxIterations = config.maxIterations;
            learningRate = config.learningRate;
            finalLearningRate = config.finalLearningRate;
            abortEarly = config.abortEarly;
            abortFrom = config.abortFrom;
            box = config.box;
            smoothing = config.smoothing;
            loss = config.loss;
            distance = config.distance;
            restarts = config.restarts;
            restartRadius = config.restartRadius;
            boundaryTolerance = config.boundaryTolerance;
            boundaryMargin = config.boundaryMargin;
            seed = config.seed;
            batchRows = config.batchRows;
        }

        /// @param value [AttackConfig#confidence]
        /// @return this
        public Builder confidence(float value) {
            confidence = value;
            return this;
        }

        /// @param value [AttackConfig#initialConst]
        /// @return this
        public Builder initialConst(float value) {
            initialConst = value;
            return this;
        }

        /// @param value [AttackConfig#binarySearchSteps]
        /// @return this
        public Builder binarySearchSteps(int value) {
            binarySearchSteps = value;
            return this;
        }

        /// @param value [AttackConfig#maxIterations]
        /// @return this
        public Builder maxIterations(int value) {
            maxIterations = value;
            return this;
        }

        /// @param value [AttackConfig#learningRate]
        /// @return this
        public Builder learningRate(float value) {
            learningRate = value;
            return this;
        }

        /// @param value [AttackConfig#finalLearningRate]
        /// @return this
        public Builder finalLearningRate(float value) {
            finalLearningRate = value;
            return this;
        }

        /// @param value [AttackConfig#abortEarly]
        /// @return this
        public Builder abortEarly(boolean value) {
            abortEarly = value;
            return this;
        }

        /// @param value [AttackConfig#abortFrom]
        /// @return this
        public Builder abortFrom(float value) {
            abortFrom = value;
            return this;
        }

        /// @param value [AttackConfig#box]
        /// @return this
        public Builder box(BoxMethod value) {
            box = value;
            return this;
        }

        /// @param value [AttackConfig#smoothing]
        /// @return this
        public Builder smoothing(float value) {
            smoothing = value;
            return this;
        }

        /// @param value [AttackConfig#loss]
        /// @return this
        public Builder loss(AttackLoss value) {
            loss = value;
            return this;
        }

        /// @param value [AttackConfig#distance]
        /// @return this
        public Builder distance(Distance value) {
            distance = value;
            return this;
        }

        /// @param value [AttackConfig#restarts]
        /// @return this
        public Builder restarts(int value) {
            restarts = value;
            return this;
        }

        /// @param value [AttackConfig#restartRadius]
        /// @return this
        public Builder restartRadius(float value) {
            restartRadius = value;
            return this;
        }

        /// @param value [AttackConfig#boundaryTolerance]
        /// @return this
        public Builder boundaryTolerance(float value) {
            boundaryTolerance = value;
            return this;
        }

        /// @param value [AttackConfig#boundaryMargin]
        /// @return this
        public Builder boundaryMargin(float value) {
            boundaryMargin = value;
            return this;
        }

        /// @param value [AttackConfig#seed]
        /// @return this
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /// @param value [AttackConfig#batchRows]
        /// @return this
        public Builder batchRows(int value) {
            batchRows = value;
            return this;
        }

        /// @return the configuration, checked
        public AttackConfig build() {
            return new AttackConfig(confidence, initialConst, binarySearchSteps, maxIterations, learningRate, finalLearningRate,
                    abortEarly, abortFrom, box, smoothing, loss, distance, restarts, restartRadius, boundaryTolerance,
                    boundaryMargin, seed, batchRows);
        }
    }
}
