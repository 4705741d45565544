namespace Chard.DurableTask.Sqlite.Tests;

/// <summary>What the kill -9 tests start as a process of its own.</summary>
public static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        using var output = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });
        return await ChildWork.RunAsync(arguments, output);
    }
}
