package dev.lanewise.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "demo")
final class Demo implements Callable<Integer> {

  @Override
  public Integer call() {
    throw new UnsupportedOperationException("demo");
  }
}
