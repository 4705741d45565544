namespace Chard.LocalHost;

/// <summary>
/// A setting the app cannot use ends its start with a sentence that names it; the stack around that tells nobody anything.
/// </summary>
internal static class SettingFaults
{
    public static void Tell() => AppDomain.CurrentDomain.UnhandledException += (_, thrown) =>
    {
        var errors = thrown.ExceptionObject is AggregateException many
            ? many.Flatten().InnerExceptions
            : [(Exception)thrown.ExceptionObject];
        if (errors.All(IsFault))
        {
            foreach (var error in errors)
            {
                Console.Error.WriteLine(error.Message);
            }

            Environment.Exit(1);
        }
    };

    /// <summary>By name: the app has these types, this assembly is loaded before them.</summary>
    private static bool IsFault(Exception error) =>
        error.GetType().FullName == "Microsoft.Extensions.Options.OptionsValidationException"
        || error.StackTrace?.Contains("Microsoft.Extensions.Configuration.ConfigurationBinder.", StringComparison.Ordinal) == true;
}
