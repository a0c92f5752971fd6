package org.shmrt.fits.header;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.shmrt.fits.card.FitsCard;

/**
 * Cards that belong to an axis of the image by a number in their name, such as CTYPE3 or CD1_2, and what becomes of them
 * when a section of the image is read: cards of a dropped axis are left out, the numbers of the other axes change, and
 * the reference pixel moves. Immutable.
 *
 * @see <a href="https://fits.gsfc.nasa.gov/fits_standard.html">FITS standard 4.0, section 8</a>
 */
public final class AxisCards {
    private static final String NUMBER = "([1-9][0-9]?)";
    private static final Pattern OF_AXIS = Pattern.compile(
            "(CTYPE|CUNIT|CRVAL|CDELT|CRPIX|CROTA|CNAME|CRDER|CSYER|CZPHS" + "|CPERI|LTV)" + NUMBER + "([A-Z]?)");
    private static final Pattern OF_TWO_AXES = Pattern.compile("(PC|CD|LTM)" + NUMBER + "_" + NUMBER + "([A-Z]?)");
    private static final Pattern PARAMETER = Pattern.compile("(PV|PS)" + NUMBER + "(_[0-9]{1,2}[A-Z]?)");
    private static final Pattern COUNT = Pattern.compile("WCSAXES[A-Z]?");

    /** For each axis of the image, fastest first: its new number from 1, or 0 if it is dropped. */
    private final int[] numbers;

    private final long[] from;
    private final int dropped;

    /**
     * Describes a section.
     *
     * @param numbers for each axis of the image, fastest first: its number in the section from 1, or 0 if it is dropped
     * @param from first index of the section on each axis, fastest first
     */
    public AxisCards(int[] numbers, long[] from) {
        this.numbers = numbers.clone();
        this.from = from.clone();
        int count = 0;
        for (int number : numbers) {
            count += number == 0 ? 1 : 0;
        }
        this.dropped = count;
    }

    /** The two fastest axes exchange their places. */
    public static AxisCards swapped(int rank) {
        int[] numbers = new int[rank];
        for (int i = 0; i < rank; i++) {
            numbers[i] = i == 0 ? 2 : i == 1 ? 1 : i + 1;
        }
        return new AxisCards(numbers, new long[rank]);
    }

    /** Whether a card belongs to an axis. */
    static boolean isOfAxis(FitsCard card) {
        String name = card.name();
        return OF_AXIS.matcher(name).matches()
                || OF_TWO_AXES.matcher(name).matches()
                || PARAMETER.matcher(name).matches()
                || COUNT.matcher(name).matches();
    }

    /** The cards of the section. */
    public List<FitsCard> of(List<FitsCard> cards) {
        List<FitsCard> changed = new ArrayList<>(cards.size());
        for (FitsCard card : cards) {
            if (card.type() == FitsCard.Type.COMMENTARY) {
                changed.add(card);
            } else {
                changed(card).ifPresent(changed::add);
            }
        }
        return changed;
    }

    private Optional<FitsCard> changed(FitsCard card) {
        Matcher axis = OF_AXIS.matcher(card.name());
        if (axis.matches()) {
            int old = Integer.parseInt(axis.group(2));
            boolean moves = axis.group(1).equals("CRPIX") || axis.group(1).equals("LTV");
            FitsCard moved = moves && old <= from.length ? moved(card, from[old - 1]) : card;
            return renamed(moved, axis.group(1), old, axis.group(3));
        }
        Matcher parameter = PARAMETER.matcher(card.name());
        if (parameter.matches()) {
            return renamed(card, parameter.group(1), Integer.parseInt(parameter.group(2)), parameter.group(3));
        }
        Matcher two = OF_TWO_AXES.matcher(card.name());
        if (two.matches()) {
            int second = number(Integer.parseInt(two.group(3)));
            return second < 1
                    ? Optional.empty()
                    : renamed(card, two.group(1), Integer.parseInt(two.group(2)), "_" + second + two.group(4));
        }
        if (dropped > 0 && COUNT.matcher(card.name()).matches() && card.value() instanceof Long count) {
            return count > dropped
                    ? Optional.of(FitsCard.of(card.name(), count - dropped, card.comment()))
                    : Optional.empty();
        }
        return Optional.of(card);
    }

    private int number(int old) {
        // coordinates can have more axes than the image
        return old <= numbers.length ? numbers[old - 1] : old - dropped;
    }

    private Optional<FitsCard> renamed(FitsCard card, String start, int old, String end) {
        int number = number(old);
        return number < 1
                ? Optional.empty()
                : Optional.of(new FitsCard(start + number + end, card.type(), card.value(), card.comment()));
    }

    private static FitsCard moved(FitsCard card, long by) {
        if (by != 0 && card.value() instanceof Long value) {
            return FitsCard.of(card.name(), value - by, card.comment());
        }
        if (by != 0 && card.value() instanceof Double value) {
            return FitsCard.of(card.name(), value - by, card.comment());
        }
        return card;
    }
}
