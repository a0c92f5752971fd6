package org.shmrt.bindings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Determines the facts of {@link Bindings} with a C compiler: writes a C program from the generated names, compiles and
 * runs it.
 *
 * <p>A name that the C headers do not declare is a compile error, except for constants of the system's headers, which
 * may be older than ours: such a constant is missing from the result.
 */
final class CProbe {
    private static final int TIMEOUT_S = 60;

    private final String compiler;
    private final Path directory;

    CProbe(String compiler, Path directory) {
        this.compiler = compiler;
        this.directory = directory;
    }

    static boolean exists(String compiler) {
        try {
            return new ProcessBuilder(compiler, "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException absent) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    boolean canInclude(String header) {
        return run(compiler, "-fsyntax-only", write("include.c", "#include <" + header + ">\n")) == 0;
    }

    /** The facts of our own header. */
    Map<String, String> factsOfHeader(Bindings bindings) {
        return facts(bindings, "#include \"" + bindings.header() + "\"\n", true);
    }

    /** The facts of the system's headers, without fields whose names are reserved for the implementation. */
    Map<String, String> factsOfSystem(Bindings bindings, String includes) {
        return facts(bindings, includes, false);
    }

    /** Compiles without linking or running. Warnings are errors. */
    void compile(String source) {
        succeed(
                compiler,
                "-Wall",
                "-Werror",
                "-I",
                Bindings.HEADERS.toAbsolutePath().toString(),
                "-c",
                "-o",
                directory.resolve("checked.o").toString(),
                write("checked.c", source));
    }

    /** A program that compiles only if every fact is true. */
    static String assertions(Bindings bindings, Map<String, String> facts) {
        StringBuilder c = new StringBuilder("#include \"" + bindings.header() + "\"\n");
        facts.forEach((fact, value) -> {
            String[] words = fact.split(" ");
            String[] numbers = value.split(" ");
            String name = words[1];
            switch (words[0]) {
                case "struct" -> {
                    require(c, "sizeof(%s) == %s".formatted(bindings.types().get(name), numbers[0]), fact);
                    require(c, "_Alignof(%s) == %s".formatted(bindings.types().get(name), numbers[1]), fact);
                }
                case "field" -> {
                    String[] path = name.split("\\.");
                    String type = bindings.types().get(path[0]);
                    require(c, "__builtin_offsetof(%s, %s) == %s".formatted(type, path[1], numbers[0]), fact);
                    require(c, "sizeof(((%s *) 0)->%s) == %s".formatted(type, path[1], numbers[1]), fact);
                }
                case "constant" -> {
                    // A pointer is not a constant expression for the assertion; its value is compared at run time.
                    if (!name.endsWith("_FAILED")) {
                        require(c, number(name) + " == " + value, fact);
                    }
                }
                default -> throw new AssertionError("not a fact: " + fact);
            }
        });
        return c.toString();
    }

    private static void require(StringBuilder c, String condition, String fact) {
        c.append("_Static_assert(")
                .append(condition)
                .append(", \"")
                .append(fact)
                .append("\");\n");
    }

    private Map<String, String> facts(Bindings bindings, String includes, boolean ours) {
        // Our posix.h and stdio.h declare the same functions, so the code that prints is in a separate file.
        StringBuilder c = new StringBuilder(includes);
        c.append("extern void say(const char *fact, long long first, long long second);\n")
                .append("extern void say_constant(const char *fact, long long value);\n")
                .append("void probe(void) {\n");
        bindings.types().forEach((name, type) -> {
            c.append("say(\"struct %s\", sizeof(%s), _Alignof(%s));\n".formatted(name, type, type));
            for (String field : bindings.fields(name)) {
                if (ours || !field.startsWith("__")) {
                    c.append("say(\"field %s.%s\", __builtin_offsetof(%s, %s), sizeof(((%s *) 0)->%s));\n"
                            .formatted(name, field, type, field, type, field));
                }
            }
        });
        for (String name : bindings.constants()) {
            c.append("#ifdef %s\nsay_constant(\"constant %s\", %s);\n".formatted(name, name, number(name)));
            c.append(ours ? "#else\n#error " + name + "\n#endif\n" : "#endif\n");
        }
        c.append("}\n");
        String printer = """
            #include <stdio.h>
            void probe(void);
            void say(const char *fact, long long first, long long second) { printf("%s\\t%lld %lld\\n", fact, first, second); }
            void say_constant(const char *fact, long long value) { printf("%s\\t%lld\\n", fact, value); }
            int main(void) { probe(); return 0; }
            """;
        Path program = directory.resolve("probe");
        // Without warnings: a 32-bit number is cast to int and a pointer to long long, and one of the two causes a
        // warning.
        succeed(
                compiler,
                "-w",
                "-I",
                Bindings.HEADERS.toAbsolutePath().toString(),
                "-o",
                program.toString(),
                write("probe.c", c.toString()),
                write("printer.c", printer));
        Map<String, String> facts = new TreeMap<>();
        succeed(program.toString())
                .lines()
                .map(line -> line.split("\t"))
                .forEach(words -> facts.put(words[0], words[1]));
        return facts;
    }

    /** jextract generates a constant of 32 bits as an int, signed or unsigned in C, and a longer one as a long. */
    private static String number(String constant) {
        return "(sizeof(%s) <= 4 ? (long long) (int) (%s) : (long long) (%s))".formatted(constant, constant, constant);
    }

    private String write(String file, String text) {
        try {
            return Files.writeString(directory.resolve(file), text).toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String succeed(String... command) {
        if (run(command) != 0) {
            throw new AssertionError(String.join(" ", command) + "\n" + output());
        }
        return output();
    }

    private int run(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("output").toFile())
                    .start();
            if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("still running after " + TIMEOUT_S + " s: " + command[0]);
            }
            return process.exitValue();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String output() {
        try {
            return Files.readString(directory.resolve("output"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
