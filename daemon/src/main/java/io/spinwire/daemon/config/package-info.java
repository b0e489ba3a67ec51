/**
 * What the daemon is told: {@link io.spinwire.daemon.config.Settings} is the table of all settings,
 * {@link io.spinwire.daemon.config.ConfigReader} fills a {@link io.spinwire.daemon.config.DaemonConfig} from a TOML
 * file and from flags. Set-up time only, any thread. Imports the engine's configuration; knows nothing of the engine or
 * the command line.
 */
package io.spinwire.daemon.config;
