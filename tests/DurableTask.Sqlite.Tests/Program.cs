namespace Chard.DurableTask.Sqlite.Tests;

/// <summary>What the kill -9 tests start as a process of its own.</summary>
public static class Program
{
    public static int Main() => 0;
}
