package org.shmrt.bindings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares {@code aravis.h} with the headers of libaravis, where these and a C compiler are installed: number of
 * arguments and size of the result of each function, values of the constants, and the structure of an error.
 */
@Timeout(600)
class AravisHeaderTest {
    private static final Pattern PROTOTYPE = Pattern.compile(
            "(?m)^(void|int|unsigned int|unsigned long|double|const char \\*|arv_pointer) ?(\\w+)\\(([^)]*)\\);");
    private static final Pattern CONSTANT = Pattern.compile("(?m)^#define (ARV_\\w+) (\\d+)$");

    private static final Path HEADERS = Path.of("/usr/include/aravis-0.8");

    @TempDir
    Path directory;

    @Test
    void shouldAgreeWithTheHeadersOfTheLibrary() throws IOException, InterruptedException {
        List<String> flags = flags();
        assumeTrue(
                !flags.isEmpty(),
                "there are no headers of Aravis, or no pkg-config and cc to use them (libaravis-dev): nothing is"
                        + " compared");
        String header = Files.readString(Bindings.HEADERS.resolve("aravis.h"));
        StringBuilder c = new StringBuilder("#include <arv.h>\nvoid calls(void) {\n");
        List<MatchResult> functions = PROTOTYPE.matcher(header).results().toList();
        for (MatchResult function : functions) {
            String call = function.group(2) + "(" + zeros(function.group(3)) + ")";
            c.append(function.group(1).equals("void") ? call : sizeOfResult(function.group(1), call));
            c.append(";\n");
        }
        List<MatchResult> constants = CONSTANT.matcher(header).results().toList();
        for (MatchResult constant : constants) {
            c.append("_Static_assert(%s == %s, \"\");\n".formatted(constant.group(1), constant.group(2)));
        }
        c.append("""
            _Static_assert(sizeof(GError) == 16, "");
            _Static_assert(__builtin_offsetof(GError, domain) == 0, "");
            _Static_assert(__builtin_offsetof(GError, code) == 4, "");
            _Static_assert(__builtin_offsetof(GError, message) == 8, "");
            _Static_assert(sizeof(ArvGvStreamOption) == 4, "");
            }
            """);

        assertTrue(functions.size() > 30 && constants.size() > 8, functions.size() + " " + constants.size());
        Path source = Files.writeString(directory.resolve("aravis.c"), c);
        List<String> command = new ArrayList<>(List.of("cc", "-w", "-Werror=implicit-function-declaration"));
        command.addAll(flags);
        command.addAll(List.of("-c", "-o", directory.resolve("aravis.o").toString(), source.toString()));
        Path output = directory.resolve("output");
        assertEquals(0, run(output, command), Files.readString(output) + c);
    }

    private static String zeros(String parameters) {
        return parameters.equals("void") ? "" : "0" + ", 0".repeat(parameters.split(",").length - 1);
    }

    private static String sizeOfResult(String type, String call) {
        int bytes = type.equals("int") || type.equals("unsigned int") ? 4 : 8;
        return "_Static_assert(sizeof(%s) == %d, \"%s\")".formatted(call, bytes, call);
    }

    private List<String> flags() throws IOException, InterruptedException {
        Path output = directory.resolve("flags");
        if (run(directory.resolve("version"), List.of("cc", "--version")) != 0
                || run(output, List.of("pkg-config", "--cflags", "gio-2.0")) != 0
                || !Files.exists(HEADERS.resolve("arv.h"))) {
            return List.of();
        }
        // Not the flags of aravis-0.8: they need the headers of libusb too, which Debian does not install with it.
        List<String> flags = new ArrayList<>(List.of("-I", HEADERS.toString()));
        flags.addAll(
                List.of(Files.readString(output, StandardCharsets.UTF_8).strip().split("\\s+")));
        return flags;
    }

    /** Returns the exit status, -1 if the program cannot be started. */
    private static int run(Path output, List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start()
                    .waitFor();
        } catch (IOException e) {
            return -1;
        }
    }
}
