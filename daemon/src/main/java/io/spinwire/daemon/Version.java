package io.spinwire.daemon;

import picocli.CommandLine.IVersionProvider;

/** The version of this program, as its jar's manifest has it. */
final class Version implements IVersionProvider {

    static String text() {
        final String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "unpackaged" : version;
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "spinwire " + text(),
            "Java " + Runtime.version() + ", " + System.getProperty("os.name") + " " + System.getProperty("os.version")
                    + " " + System.getProperty("os.arch")
        };
    }
}
