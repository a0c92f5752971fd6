package org.shmrt.cli.top;

import java.util.ArrayList;
import java.util.List;

/** The keys, the columns and the states. */
final class HelpPage {
    private static final String TEXT = """
        shm top: keys

        Up Down PgUp PgDn Home End   select an object (also j and k)
        Enter                        details of one: header, keywords, semaphores, trace, intervals
        F2 F3 F4 F5 F6               semaphores, their writers, their readers, trace, who has it open
        1 2 3                        sort by name, by age, by waiting readers
        < >  , .                     sort by the column to the left or right
        I                            reverse the order
        N R J L S                    sort by name, rate, jitter, losses, size
        /  \\                         show only what contains a text; Escape shows all again
        c                            choose columns
        p  Z  Space                  pause and continue: nothing on the screen changes meanwhile
        F9  Delete  x                remove the object; asks before
        F1  ?  h                     this page
        q  F10  Ctrl-C               quit

        states

        live     frames or steps arrive (green)
        idle     nothing has arrived since shm top was started
        paused   a loop that is ready and computes nothing
        late     frames arrived, and the next one is overdue by more than two intervals (yellow)
        dead     the writer or the loop was killed, or the loop failed (red)
        error    the object cannot be read: see its note (red)

        columns
        """;

    private static final int TITLE_CELLS = 8;

    private HelpPage() {}

    static List<String> lines() {
        List<String> lines = new ArrayList<>(TEXT.stripTrailing().lines().toList());
        lines.add("");
        for (Column column : Column.values()) {
            lines.add(column.title()
                    + " ".repeat(Math.max(1, TITLE_CELLS + 1 - column.title().length()))
                    + column.description());
        }
        return lines;
    }
}
