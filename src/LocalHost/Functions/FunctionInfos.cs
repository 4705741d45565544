using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Host;
using Microsoft.Extensions.Configuration;

namespace Chard.LocalHost.Functions;

/// <summary>Functions as people know them, from what the worker says and the settings.</summary>
internal static class FunctionInfos
{
    /// <summary><see cref="StartException"/> names each setting that a binding asks for in vain.</summary>
    public static IReadOnlyList<FunctionInfo> Of(
        IReadOnlyList<FunctionDefinition> functions, Uri address, string prefix, IConfiguration configuration, INameResolver settings)
    {
        var faults = new List<string>();
        FunctionInfo[] infos = [.. functions.Select(Info)];
        return faults.Count == 0 ? infos : throw new StartException(faults);

        FunctionInfo Info(FunctionDefinition function)
        {
            var trigger = function.Trigger;
            var route = $"{prefix}/{trigger.Text("route") ?? function.Name}".TrimStart('/');
            return new FunctionInfo(function.Name, function.Kind, IsDisabled(function.Name, configuration), Methods(trigger))
            {
                Url = function.Kind == TriggerKind.Http ? $"{address}{route}" : null,
                Schedule = Resolve(function, "schedule"),
                Queue = Resolve(function, "queueName"),
            };
        }

        string? Resolve(FunctionDefinition function, string member)
        {
            var text = function.Trigger.Text(member);
            if (text is not null && !settings.TryResolveWholeString(text, out text))
            {
                faults.Add(
                    $"Function '{function.Name}' takes its {member} from '{function.Trigger.Text(member)}', but there is no such setting.");
            }

            return text;
        }
    }

    private static string[] Methods(Binding trigger) => [.. trigger.Texts("methods").Select(method => method.ToUpperInvariant())];

    private static bool IsDisabled(string name, IConfiguration configuration) =>
        (configuration[$"AzureWebJobs.{name}.Disabled"] ?? configuration[$"AzureWebJobs_{name}_Disabled"])?.ToUpperInvariant()
            is "TRUE" or "1";
}
