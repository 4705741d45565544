using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json;
using Chard.Domain.Json;
using Chard.Functions.Tests.Harness;
using FsCheck.Fluent;
using FsCheck.Xunit;
using FsCheck;
using Microsoft.Azure.Functions.Worker;
using Newtonsoft.Json.Linq;

namespace Chard.Functions.Tests.Tasks;

/// <summary>JSON comes out of the durable extension, which reads it by Newtonsoft and writes it again, as it went in.</summary>
public sealed class ExactNumbersTests
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new ExactNumbers() } };

    [Theory]
    [InlineData("12345678901234567.89")]
    [InlineData("1.10")]
    [InlineData("1E5")]
    [InlineData("-0")]
    [InlineData("-0.0")]
    [InlineData("0.1")]
    [InlineData("9223372036854775808")]
    [InlineData("1000000000000000000000000000000")]
    [InlineData("1e400")]
    [InlineData("""{"price":12345678901234567.89,"list":[1.50,2]}""")]
    [InlineData("""{"$json":"1"}""")]
    [InlineData("""{"$json":"{\"$json\":\"1.10\"}"}""")]
    [InlineData("null")]
    public void Value_ThroughTheExtension_IsTheSameToTheDigit(string json)
    {
        string sent = JsonSerializer.Serialize(new Carrier(1, JsonElement.Parse(json)), Options);

        Carrier? arrived = JsonSerializer.Deserialize<Carrier>(Extension(sent), Options);

        Assert.Equal(json, arrived!.Value.GetRawText());
    }

    [Fact]
    public void EveryActivity_TakesAnyJsonByThisConverter()
    {
        IEnumerable<Type> inputs = TheApp.Types.SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetParameters())
            .Where(p => p.IsDefined(typeof(ActivityTriggerAttribute))).Select(p => p.ParameterType);
        var seen = new HashSet<Type>();
        var waiting = new Queue<Type>(inputs);
        var found = new List<string>();
        while (waiting.TryDequeue(out Type? type))
        {
            foreach (Type part in type.IsGenericType ? type.GetGenericArguments() : [])
            {
                waiting.Enqueue(part);
            }

            if (type.Assembly.GetName().Name!.StartsWith("Chard.", StringComparison.Ordinal) && seen.Add(type))
            {
                foreach (PropertyInfo member in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
                {
                    waiting.Enqueue(member.PropertyType);
                    if (member.PropertyType == typeof(JsonElement) || member.PropertyType == typeof(JsonElement?))
                    {
                        found.Add($"{type.Name}.{member.Name}");
                        Assert.True(member.GetCustomAttribute<JsonConverterAttribute>()?.ConverterType == typeof(ExactNumbers), found[^1]);
                    }
                }
            }
        }

        Assert.Contains("TaskValue.Json", found);
    }

    [Fact]
    public void OrdinaryValue_TravelsAsItIs()
    {
        JsonElement value = JsonElement.Parse("""{"a":1,"b":[0.5,-2.25,"1.10"],"c":null}""");

        Assert.Equal(value.GetRawText(), JsonSerializer.Serialize(value, Options));
    }

    [Property]
    public Property AnyNumber_IsTheSameToTheDigit()
    {
        Gen<string> digits = Gen.Elements("0123456789".ToCharArray()).NonEmptyListOf().Select(
            d => string.Concat(d).TrimStart('0') is { Length: > 0 } kept ? kept : "0");
        Gen<string> fraction = Gen.OneOf(
            Gen.Constant(string.Empty), Gen.Elements("0123456789".ToCharArray()).NonEmptyListOf().Select(d => "." + string.Concat(d)));
        Gen<string> exponent = Gen.OneOf(
            Gen.Constant(string.Empty), Gen.Choose(-30, 30).Select(e => $"e{e}"), Gen.Choose(0, 30).Select(e => $"E+{e}"));
        Gen<string> numbers = Gen.Elements("", "-").SelectMany(
            sign => digits.SelectMany(whole => fraction.SelectMany(part => exponent.Select(power => sign + whole + part + power))));
        return Prop.ForAll(numbers.ToArbitrary(), number =>
            JsonSerializer.Deserialize<Carrier>(Extension(
                JsonSerializer.Serialize(new Carrier(1, JsonElement.Parse(number)), Options)), Options)!.Value.GetRawText() == number);
    }

    private static string Extension(string input) => JArray.Parse($"[{input}]")[0].ToString(Newtonsoft.Json.Formatting.None);

    private sealed record Carrier(int Id, JsonElement Value);
}
