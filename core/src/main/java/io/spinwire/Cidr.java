package io.spinwire;

/**
 * An IPv4 address with the length of its network prefix, {@code 10.0.0.2/24}.
 *
 * @param address in network order as int: 10.0.0.2 is 0x0A000002
 * @param prefixLength 0 to 32
 */
public record Cidr(int address, int prefixLength) {

    /**
     * Reads {@code 10.0.0.2/24}.
     *
     * @throws IllegalArgumentException saying what is wrong and what it should look like
     */
    public static Cidr parse(String text) {
        final int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException(
                    "address \"" + text + "\" lacks its prefix: write it as " + text + "/24");
        }
        return new Cidr(parseAddress(text.substring(0, slash)), parseNumber(text, text.substring(slash + 1), 32));
    }

    /**
     * Reads {@code 10.0.0.2}.
     *
     * @throws IllegalArgumentException saying what is wrong and what it should look like
     */
    public static int parseAddress(String text) {
        final String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no IPv4 address: it needs four numbers, as 10.0.0.2");
        }
        int address = 0;
        for (final String part : parts) {
            address = address << 8 | parseNumber(text, part, 255);
        }
        return address;
    }

    /** The address as text, {@code 10.0.0.2}. */
    public static String format(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "." + (address & 255);
    }

    /** Ones for the network, zeros for the host. */
    public int mask() {
        return prefixLength == 0 ? 0 : -1 << 32 - prefixLength;
    }

    @Override
    public String toString() {
        return format(address) + "/" + prefixLength;
    }

    private static int parseNumber(String text, String part, int max) {
        if (part.isEmpty() || part.length() > 3 || !part.chars().allMatch(Character::isDigit)) {
            throw new IllegalArgumentException("\"" + text + "\": \"" + part + "\" is not a number from 0 to " + max);
        }
        final int number = Integer.parseInt(part);
        if (number > max) {
            throw new IllegalArgumentException("\"" + text + "\": " + number + " exceeds " + max);
        }
        return number;
    }
}
