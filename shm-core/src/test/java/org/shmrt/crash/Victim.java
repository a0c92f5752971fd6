package org.shmrt.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The process that is killed. Reads lines {@code PROTOCOL DIRECTORY PREFIX rehearse|at-once} and carries each operation
 * out, unless it is killed.
 */
public final class Victim {
    private Victim() {}

    public static void main(String[] words) throws IOException {
        System.out.println("ready");
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] task = line.split(" ");
                Protocol protocol = Protocols.named(task[0]);
                Place place = new Place(Path.of(task[1]), task[2]);
                if (task[3].equals("rehearse")) {
                    rehearse(protocol, place);
                }
                try (Deed deed = protocol.enter(place)) {
                    carryOut(deed);
                }
                System.out.println("done");
            }
        } catch (RuntimeException e) {
            e.printStackTrace(System.out);
            throw e;
        }
    }

    /** Does the same elsewhere first: to link native functions under a debugger takes very long. */
    private static void rehearse(Protocol protocol, Place place) throws IOException {
        Place stage = Place.in(place.directory(), place.prefix() + "r-");
        protocol.prepare(stage);
        try (Deed deed = protocol.enter(stage)) {
            deed.run();
        }
        stage.clear();
    }

    /** The debugger waits for this method. */
    static void carryOut(Deed deed) {
        deed.run();
        over();
    }

    /** The operation ends here. */
    static void over() {
        // nothing: reaching it is all
    }

    /** What a victim does, and what it opened for it before. */
    interface Deed extends AutoCloseable {
        /** The operation in which it is killed. */
        void run();

        @Override
        default void close() {}
    }
}
