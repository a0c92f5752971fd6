package org.shmrt.cli.show;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.image.terminal.Kitty;

/**
 * What a terminal says about itself.
 *
 * @param kitty whether it has kitty's graphics protocol
 * @param sixel whether it shows sixels
 * @param cellWidth width of a character cell in pixels, if it says so
 * @param cellHeight height of a character cell in pixels, if it says so
 */
record TerminalAnswer(boolean kitty, boolean sixel, OptionalInt cellWidth, OptionalInt cellHeight) {
    /** Asks for kitty's protocol, the size of a cell and, last because every terminal answers it, the attributes. */
    static final String QUERY = Kitty.QUERY + "\033[16t\033[c";

    static final TerminalAnswer NONE = new TerminalAnswer(false, false, OptionalInt.empty(), OptionalInt.empty());

    private static final Pattern ATTRIBUTES = Pattern.compile("\033\\[\\?([0-9;]*)c");
    private static final Pattern CELL = Pattern.compile("\033\\[6;([0-9]{1,4});([0-9]{1,4})t");
    private static final String SIXEL_ATTRIBUTE = "4";

    /** Whether the last answer has arrived. */
    static boolean isComplete(String answers) {
        return ATTRIBUTES.matcher(answers).find();
    }

    static TerminalAnswer parse(String answers) {
        Matcher attributes = ATTRIBUTES.matcher(answers);
        boolean sixel = attributes.find()
                && Arrays.asList(attributes.group(1).split(";")).contains(SIXEL_ATTRIBUTE);
        Matcher cell = CELL.matcher(answers);
        boolean hasCell =
                cell.find() && !cell.group(1).equals("0") && !cell.group(2).equals("0");
        return new TerminalAnswer(
                answers.contains(Kitty.SUPPORTED),
                sixel,
                hasCell ? OptionalInt.of(Integer.parseInt(cell.group(2))) : OptionalInt.empty(),
                hasCell ? OptionalInt.of(Integer.parseInt(cell.group(1))) : OptionalInt.empty());
    }
}
