package org.shmrt.bindings;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The checked-in results of {@link CProbe}, for machines without a compiler: header, fact and value, separated by tabs.
 */
final class ProbeTable {
    static final String FILE = "probe-x86_64-aarch64.tsv";

    private ProbeTable() {}

    static Map<String, String> facts(Bindings bindings) {
        Map<String, String> facts = new TreeMap<>();
        resource(FILE)
                .lines()
                .map(line -> line.split("\t"))
                .filter(words -> words[0].equals(bindings.header()))
                .forEach(words -> facts.put(words[1], words[2]));
        return facts;
    }

    static String resource(String name) {
        try (InputStream in = ProbeTable.class.getResourceAsStream("/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Rewrites the table with the machine's compiler. The arguments are the file and a directory for the compiled
     * programs.
     */
    public static void main(String[] args) throws IOException {
        Map<Bindings, Map<String, String>> all = new EnumMap<>(Bindings.class);
        CProbe probe = new CProbe("cc", Path.of(args[1]));
        for (Bindings bindings : Bindings.values()) {
            all.put(bindings, probe.factsOfHeader(bindings));
        }
        StringBuilder lines = new StringBuilder();
        all.forEach((bindings, facts) -> facts.forEach((fact, value) -> lines.append(bindings.header())
                .append('\t')
                .append(fact)
                .append('\t')
                .append(value)
                .append('\n')));
        Files.writeString(Path.of(args[0]), lines);
    }
}
