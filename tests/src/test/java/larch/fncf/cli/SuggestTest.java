package larch.fncf.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestTest {
    @ParameterizedTest
    @CsvSource({"train,train,0", "trian,train,1", "trin,train,1", "traain,train,1", "brain,train,1", "kitten,sitting,3", "'',abc,3",
        "ca,abc,3"})
    void editsAreCounted(String a, String b, int edits) {
        assertEquals(edits, Suggest.edits(a, b));
        assertEquals(edits, Suggest.edits(b, a));
    }

    @Test
    void onlyANearWordIsSuggested() {
        List<String> words = List.of("train", "evaluate", "attack");
        assertEquals(Optional.of("train"), Suggest.nearest("Trian", words));
        assertEquals(Optional.of("attack"), Suggest.nearest("atack", words));
        assertEquals(Optional.empty(), Suggest.nearest("completion", words));
        assertEquals(Optional.empty(), Suggest.nearest("x", words));
        assertEquals("", Suggest.forWord("xyz", words));
        assertEquals("; did you mean train?", Suggest.forWord("tran", words));
    }
}
