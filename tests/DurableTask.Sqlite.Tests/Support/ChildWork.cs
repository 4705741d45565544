using System.Globalization;

namespace Chard.DurableTask.Sqlite.Tests;

/// <summary>What a process does until it is killed: it starts instances and says which are acknowledged.</summary>
internal static class ChildWork
{
    public static Code Make(TextWriter output) => new Code()
        .Activity("Double", input =>
        {
            output.WriteLine($"activity {input}");
            return $"{2 * int.Parse(input, CultureInfo.InvariantCulture)}";
        })
        .Orchestration("Chain", async (flow, _) =>
        {
            var results = new List<string>();
            for (var i = 1; i <= 5; i++)
            {
                results.Add(await flow.CallAsync("Double", $"{i}"));
            }

            return string.Join(',', results);
        });

    /// <summary>
    /// open FILE: opens it and ends. work FILE PREFIX COUNT: starts so many, says so line by line, and works until it is killed.
    /// </summary>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output)
    {
        try
        {
            var options = new SqliteStorageOptions { File = arguments[1], Synchronous = "OFF" };
            await using var hub = await Hub.StartAsync(options, Make(output));
            for (var i = 0; arguments[0] == "work" && i < int.Parse(arguments[3], CultureInfo.InvariantCulture); i++)
            {
                await hub.StartAsync("Chain", $"{arguments[2]}-{i}", "1");
                await output.WriteLineAsync($"started {i}");
            }

            if (arguments[0] == "work")
            {
                // Ends with the test that started it, whatever becomes of that.
                await Console.In.ReadToEndAsync();
            }

            return 0;
        }
        catch (SqliteStorageException e)
        {
            await output.WriteLineAsync(e.Message);
            return 1;
        }
    }
}
