using Chard.Bench;

// dotnet run -c Release --project bench -- [--engine sqlite|azure] [--in-process] [--requests] [--calls] [--ready-to-run] [NAME[=N]…]: a
// JSON line a figure, all figures without a name.
return await BenchCommand.RunAsync(args, Console.Out, Console.Error);
