using System.Reflection;
using System.Text.Json;

namespace Chard.Functions.Tests.Repository;

/// <summary>
/// The worker finds an entry point by its method's name alone: one that is there twice in a class, inherited members included, keeps the
/// whole app from starting.
/// </summary>
public sealed class EntryPointTests
{
    private static readonly JsonElement[] Functions =
        [.. JsonElement.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "functions.metadata"))).EnumerateArray()
            .Where(function => function.GetProperty("scriptFile").GetString() is "Chard.dll" or "Chard.Functions.dll")];

    public static TheoryData<string, string> EntryPoints
    {
        get
        {
            var points = new TheoryData<string, string>();
            foreach (JsonElement function in Functions)
            {
                points.Add(function.GetProperty("scriptFile").GetString()!, function.GetProperty("entryPoint").GetString()!);
            }

            return points;
        }
    }

    [Theory]
    [MemberData(nameof(EntryPoints))]
    public void EntryPoint_OfTheApp_IsOneMethod(string file, string entryPoint)
    {
        int dot = entryPoint.LastIndexOf('.');
        Type type = Assembly.Load(Path.GetFileNameWithoutExtension(file)).GetType(entryPoint[..dot], throwOnError: true)!;

        // As the worker looks: public, inherited members too. Throws if there are several.
        Assert.NotNull(type.GetMethod(entryPoint[(dot + 1)..]));
    }

    [Fact]
    public void EntryPoints_OfTheApp_AreThere() => Assert.InRange(Functions.Length, 50, 500);

    [Fact]
    public void Names_OfFunctions_AreTakenOnce()
    {
        string[] names = [.. Functions.Select(function => function.GetProperty("name").GetString()!)];

        // The host ignores case.
        Assert.Equal(names.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }
}
