package io.spinwire.daemon.config;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where each key of a TOML text stands, so that a refusal can name the line: the parser's tree has forgotten it. */
final class TomlLines {
    private static final Pattern TABLE = Pattern.compile("\\s*\\[\\s*([^\\[\\]]+?)\\s*]\\s*(#.*)?");
    private static final Pattern KEY = Pattern.compile("\\s*([A-Za-z0-9_.\"' -]+?)\\s*=.*");

    private final Map<String, Integer> lines = new HashMap<>();
    private final String fileName;

    TomlLines(String toml, String fileName) {
        this.fileName = fileName;
        String table = "";
        int number = 0;
        for (final String line : toml.split("\n", -1)) {
            number++;
            final Matcher tableMatcher = TABLE.matcher(line);
            final Matcher keyMatcher = KEY.matcher(line);
            if (tableMatcher.matches()) {
                table = plain(tableMatcher.group(1)) + ".";
                lines.putIfAbsent(plain(tableMatcher.group(1)), number);
            } else if (keyMatcher.matches()) {
                lines.putIfAbsent(table + plain(keyMatcher.group(1)), number);
            }
        }
    }

    /** {@code file.toml:12}; for a key inside another's value, that one's line. */
    String place(String path) {
        String known = path;
        while (!lines.containsKey(known) && known.contains(".")) {
            known = known.substring(0, known.lastIndexOf('.'));
        }
        return fileName + ":" + lines.getOrDefault(known, 1);
    }

    private static String plain(String key) {
        return key.replaceAll("[\"' ]", "");
    }
}
