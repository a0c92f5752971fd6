package org.shmrt.cli.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shmrt.cli.CommandRun;
import org.shmrt.cli.ShmCommand;

/** {@code shm keyword}. */
class KeywordVerbTest {
    @RegisterExtension
    final ShmCommand shm = ShmCommand.inTmp();

    @BeforeEach
    void createStream() {
        shm.run("create", "STREAM", "--shape", "4x3", "--dtype", "u16", "--keywords", "3")
                .succeeded();
    }

    private CommandRun keyword(String... words) {
        List<String> all = new ArrayList<>(List.of("keyword", "STREAM"));
        all.addAll(List.of(words));
        return shm.run(all.toArray(String[]::new));
    }

    private String done(String... words) {
        CommandRun run = keyword(words).succeeded();
        assertEquals("", run.err());
        return run.out().strip();
    }

    private void assertRefused(int status, String text, String... words) {
        keyword(words).refused(status, text);
    }

    @ParameterizedTest
    @CsvSource({
        "42, long, 42",
        "-7, long, -7",
        "+7, long, 7",
        "9223372036854775807, long, 9223372036854775807",
        "2., double, 2.0",
        ".5, double, 0.5",
        "-1e3, double, -1000.0",
        "nan, text, nan",
        "true, text, true",
        "0x10, text, 0x10",
        "1 2, text, 1 2",
        "a=b, text, a=b",
        "HD 12345, text, HD 12345",
        "é, text, é"
    })
    void shouldGuessTheTypeOfANewKeyword(String value, String type, String stored) {
        assertEquals("k                " + String.format("%-6s", type) + " " + stored, done("k=" + value));

        assertEquals(stored, done("k"), "alone, for scripts");
    }

    @Test
    void shouldListSetAskAndRemove() {
        assertEquals("", done());

        done("exptime=0.0125", "--comment", "seconds");
        done("nread=3", "name=x");
        assertEquals(
                List.of("exptime", "nread", "name"),
                done().lines().map(line -> line.split(" ")[0]).toList());
        assertEquals("3\n0.0125", done("nread", "exptime"));

        assertEquals("exptime          double 2.0                  seconds", done("exptime=2"));
        assertEquals("name             text   7", done("name=7"));
        assertEquals("", done("--remove", "nread", "--remove", "name"));
        assertEquals("exptime          double 2.0                  seconds", done());
    }

    @Test
    void shouldStoreTheTypeAskedFor() {
        assertEquals("a                text   1", done("a=1", "--text"));
        assertEquals("a                double 1.0", done("a=1", "--double"));
        assertEquals("a                double NaN", done("a=nan", "--double"));
        assertEquals("a                double -Infinity", done("a=-inf", "--double"));
        assertEquals("a                long   5", done("a=5", "--long"));
        assertEquals("a                text", done("a=", "--text"));
    }

    @Test
    void shouldPrintJson() {
        done("a=1", "--comment", "c");
        assertEquals(
                "[{\"name\":\"b\",\"type\":\"D\",\"value\":null,\"comment\":\"\"}]",
                done("b=inf", "--double", "--json"),
                "JSON has no infinity");
        assertEquals(JsonParser.parseString("""
            [{"name": "a", "type": "L", "value": 1, "comment": "c"},
             {"name": "b", "type": "D", "value": null, "comment": ""}]\
            """), JsonParser.parseString(done("--json")));
        assertEquals(
                1, JsonParser.parseString(done("b", "--json")).getAsJsonArray().size());
        assertEquals("[]", done("--remove", "a", "--json"));
    }

    @Test
    void shouldRefuseInOneLineAndChangeNothing() {
        done("a=1", "b=2");

        assertRefused(1, "has no keyword 'c'", "c");
        assertRefused(1, "has no keyword 'c'", "a", "c");
        assertRefused(1, "has no keyword 'c'", "--remove", "c");
        assertRefused(1, "room for 3 keywords", "c=1", "d=2");
        assertRefused(2, "there is room for 16", "c=12345678901234567x");
        assertRefused(2, "there is room for 16", "abcdefghijklmnopq=1");
        assertRefused(2, "room for 80", "a=1", "--comment", "x".repeat(81));
        assertRefused(2, "'x' is not an integer", "a=x", "--long");
        assertRefused(2, "'1f' is not a number", "a=1f", "--double");
        assertRefused(2, "does not fit into 64 bits", "c=9223372036854775808");
        assertRefused(2, "must not be empty", "=1");
        assertEquals("a                long   1\nb                long   2", done());
    }

    @Test
    void shouldReportThatThereIsNoRoomForKeywords() {
        shm.run("create", "STREAM", "--shape", "4x3", "--dtype", "u16", "--force")
                .succeeded();

        assertEquals("", done());
        assertRefused(1, "--keywords", "a=1");
    }

    @Test
    void shouldQuoteTheStreamInTheCommandThatListsItsKeywords() {
        String path = shm.file("a b.im.shm").toString();
        shm.run("create", path, "--shape", "4", "--dtype", "u8", "--keywords", "1")
                .succeeded();

        shm.run("keyword", path, "none").refused(1, "list its keywords with shm keyword '" + path + "'");
    }
}
