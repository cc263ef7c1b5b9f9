package larch.fncf.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Users and films as the MovieLens files describe them, before they become feature columns.
///
/// @param users       in file order
/// @param films       in file order
/// @param occupations the occupations of the format, in the order of their columns
/// @param genres      the genres of the format, in the order of their columns
record Profiles(List<User> users, List<Film> films, List<String> occupations, List<String> genres) {
    /// A film without a release date.
    static final int NO_YEAR = -1;

    /// @param id         as the files write it
    /// @param male       false for F
    /// @param age        years, or the code of the age group
    /// @param ageGroup   0 (under 18) … 6 (56 and more)
    /// @param occupation index
    record User(String id, boolean male, int age, int ageGroup, int occupation) { }

    /// @param id     as the files write it
    /// @param title  with the year in brackets, as the files write it
    /// @param year   of release, or [#NO_YEAR]
    /// @param genres indices
    record Film(String id, String title, int year, List<Integer> genres) { }

    /// @return the film ids with their indices
    Map<String, Integer> filmIndex() {
        Map<String, Integer> index = new LinkedHashMap<>();
        films.forEach(film -> index.put(film.id(), index.size()));
        return index;
    }

    /// @return the user ids with their indices
    Map<String, Integer> userIndex() {
        Map<String, Integer> index = new LinkedHashMap<>();
        users.forEach(user -> index.put(user.id(), index.size()));
        return index;
    }
}
