using Chard.Bench;

// dotnet run -c Release --project bench -- [--memory-history] [NAME…]: a JSON line a figure, all figures without a name.
return await BenchCommand.RunAsync(args, Console.Out, Console.Error);
