package dev.thrum.services;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the servers of a chat agree on. */
final class ChatStateTest {
    private static final List<String> SERVER_1 = List.of(
            "1 enter ",
            "2 enter ",
            "1 rename Ann",
            "1 join lobby",
            "2 join lobby",
            "1 say Hi, all of you!",
            "2 say : tricky member 1 2 3");

    private static ChatState state(List<String> events) {
        ChatState state = new ChatState();
        apply(state, 1, events);
        return state;
    }

    private static void apply(ChatState state, long server, List<String> events) {
        events.forEach(line -> state.apply(server, ChatEvent.of(line), null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7 enter ",
                "7 rename Ann",
                "7 join lobby",
                "7 leave ",
                "7 exit disconnected",
                "7 say  two  blanks ",
                "7 tell Ann  see  you"
            })
    void event_asALine_isReadAsTheSame(String line) {
        assertThat(ChatEvent.of(line).line()).isEqualTo(line);
    }

    @Test
    void unknownEvent_isRefused() {
        assertThatThrownBy(() -> ChatEvent.of("7 sing la la"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected an event of a chat but was \"7 sing la la\"");
    }

    @Test
    void savedState_isTheSameWhenRestored_andGoesOnFromThere() {
        ChatState state = state(SERVER_1);
        assertThat(state.save()).isEqualTo("""
                guests 2
                room lobby
                line Ann: Hi, all of you!
                line guest-2: : tricky member 1 2 3
                member 1 1 1 Ann
                member 1 2 2 guest-2
                """);
        ChatState restored = ChatState.of(state.save());
        assertThat(restored.save()).isEqualTo(state.save());
        List<String> more = List.of("2 leave ", "3 enter ", "3 rename Ann", "1 exit left", "3 rename Ann");
        apply(state, 1, more);
        apply(restored, 1, more);
        assertThat(restored.save()).isEqualTo(state.save()).isEqualTo("""
                guests 3
                member 1 2 2 guest-2
                member 1 3 3 Ann
                """);
    }

    @Test
    void serverThatHasEnded_leavesNothing_andItsLateEventsHaveNoEffect() {
        ChatState state = state(SERVER_1);
        apply(state, 2, List.of("1 enter ", "1 join lobby"));
        state.gone(1);
        apply(state, 1, List.of("1 say late", "2 rename Bob", "1 exit left"));
        assertThat(state.save()).isEqualTo("""
                guests 3
                room lobby
                line Ann: Hi, all of you!
                line guest-2: : tricky member 1 2 3
                member 2 1 3 guest-3
                """);
    }

    @Test
    void newChat_isEmpty() {
        assertThat(ChatState.of("").save()).isEqualTo("guests 0\n");
    }
}
