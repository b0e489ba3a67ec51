/**
 * What is left of a run: its folder with parameters, environment, figures and ratios, and the headline table. Knows
 * nothing of how figures come about.
 */
package io.spinwire.bench.record;
