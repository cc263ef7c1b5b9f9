package larch.fncf.cli;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// Guesses what a mistyped word was meant to be.
final class Suggest {
    private Suggest() {
    }

    /// @param word       what was typed
    /// @param candidates what there is
    /// @return `; did you mean X?` with the nearest candidate, or nothing if none is near
    static String forWord(String word, Collection<String> candidates) {
        return nearest(word, candidates).map(near -> "; did you mean " + near + "?").orElse("");
    }

    /// @param word       what was typed
    /// @param candidates what there is
    /// @return the candidate with the fewest edits, if those are at most two and fewer than half of the
    ///         letters
    static Optional<String> nearest(String word, Collection<String> candidates) {
        String best = null;
        int fewest = Math.min(2, (word.length() - 1) / 2);
        for (String candidate : candidates) {
            int edits = edits(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (edits < fewest || edits == fewest && best == null) {
                best = candidate;
                fewest = edits;
            }
        }
        return Optional.ofNullable(best);
    }

    /// The least number of insertions, deletions, replacements and swaps of neighbours (Damerau's distance,
    /// each pair of neighbours swapped at most once).
    static int edits(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replace = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replace, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
