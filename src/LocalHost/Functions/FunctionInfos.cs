using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Host;
using Microsoft.Extensions.Configuration;

namespace Chard.LocalHost.Functions;

/// <summary>Functions as people know them, from what the worker says and the settings.</summary>
internal static class FunctionInfos
{
    public static IReadOnlyList<FunctionInfo> Of(
        IReadOnlyList<FunctionDefinition> functions, Uri address, string prefix, IConfiguration configuration, INameResolver settings)
    {
        return [.. functions.Select(Info)];

        FunctionInfo Info(FunctionDefinition function)
        {
            var trigger = function.Trigger;
            var route = $"{prefix}/{trigger.Text("route") ?? function.Name}".TrimStart('/');
            return new FunctionInfo(function.Name, function.Kind, IsDisabled(function.Name, configuration), Methods(trigger))
            {
                Url = function.Kind == TriggerKind.Http ? $"{address}{route}" : null,
                Schedule = Resolve(trigger.Text("schedule")),
                Queue = Resolve(trigger.Text("queueName")),
            };
        }

        string? Resolve(string? text) => text is null ? null : settings.ResolveWholeString(text);
    }

    private static string[] Methods(Binding trigger) => [.. trigger.Texts("methods").Select(method => method.ToUpperInvariant())];

    private static bool IsDisabled(string name, IConfiguration configuration) =>
        (configuration[$"AzureWebJobs.{name}.Disabled"] ?? configuration[$"AzureWebJobs_{name}_Disabled"])?.ToUpperInvariant() is "TRUE" or "1";
}
