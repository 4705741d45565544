using System.Text.Json;
using System.Text.Json.Serialization;
using Chard.Domain.Tasks;

namespace Chard.Domain.Tests.Tasks;

public sealed class JsonShapeTests
{
    [Theory]
    [InlineData(typeof(int))]
    [InlineData(typeof(string))]
    [InlineData(typeof(decimal[]))]
    [InlineData(typeof(DateTimeOffset?))]
    [InlineData(typeof(JsonElement))]
    [InlineData(typeof(Good))]
    [InlineData(typeof(Tree))]
    [InlineData(typeof(IReadOnlyList<IReadOnlyDictionary<string, Guid>>))]
    [InlineData(typeof(Shape))]
    [InlineData(typeof(WithConverter))]
    [InlineData(typeof(Computed))]
    [InlineData(typeof(Ignored))]
    public void Check_TypeThatSurvives_FindsNothing(Type type) => Assert.Empty(JsonShape.Check(type, "args"));

    [Theory]
    [InlineData(typeof(HasStream), "args.Body is Stream, which cannot be written as JSON (Stream). Pass an id or a payload reference.")]
    [InlineData(
        typeof(HasDelegate),
        "args.Callback is Func<Int32>, which cannot be written as JSON (Delegate). Pass an id or a payload reference.")]
    [InlineData(
        typeof(HasToken),
        "args.Token is CancellationToken, which cannot be written as JSON (CancellationToken). Pass an id or a payload reference.")]
    [InlineData(typeof(HasType), "args.Of is Type, which cannot be written as JSON (MemberInfo). Pass an id or a payload reference.")]
    [InlineData(typeof(HasObject), "args.Anything is object (or dynamic), whose type JSON forgets. Name the type, or take JsonElement.")]
    [InlineData(
        typeof(HasDeepObject),
        "args.Items[].Anything is object (or dynamic), whose type JSON forgets. Name the type, or take JsonElement.")]
    [InlineData(
        typeof(Dictionary<string, object>), "args[] is object (or dynamic), whose type JSON forgets. Name the type, or take JsonElement.")]
    [InlineData(
        typeof(HasInterface),
        "args.Format is IFormatProvider, an interface that JSON cannot create. Name the class, or mark it with [JsonDerivedType].")]
    [InlineData(typeof(HasPointer), "args.Handle is IntPtr, a pointer, which means nothing elsewhere.")]
    [InlineData(typeof(HasCycle), "args.Next leads back to HasCycle: values may form a cycle, which JSON cannot hold. Pass an id instead.")]
    [InlineData(typeof(HasField), "args.Count is a field, which JSON leaves out. Make it a property.")]
    [InlineData(typeof(HasLost), "args.Names is written but never read back. Give it an init accessor or a constructor parameter.")]
    [InlineData(typeof(NoConstructor), "args is NoConstructor, which has no constructor that JSON can use. Give it one public constructor, "
        + "or mark one with [JsonConstructor].")]
    [InlineData(typeof(int[,]), "args is Int32[,], an array of several dimensions, which JSON cannot hold. Use an array of arrays.")]
    [InlineData(typeof(IAsyncEnumerable<int>), "args is IAsyncEnumerable<Int32>, a stream, which cannot be read back. Pass a payload "
        + "reference; to read arguments item by item, implement IStreamTask.")]
    public void Check_TypeThatDoesNotSurvive_NamesTheMember(Type type, string fault) =>
        Assert.Equal([fault], JsonShape.Check(type, "args"));

    [Fact]
    public void ToElement_CyclicValue_SaysSo()
    {
        var tree = new Tree("root", []);
        tree.Children.Add(tree);

        Assert.Contains("cycle", Assert.Throws<NotJsonException>(() => TaskJson.ToElement(tree)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToElement_DelegateInside_NamesTheMember() =>
        Assert.Contains(
            "$.Callback", Assert.Throws<NotJsonException>(() => TaskJson.ToElement(new HasDelegate(() => 1))).Message,
            StringComparison.OrdinalIgnoreCase);

    public sealed record Good(string Id, int? Count, DayOfWeek Day, IReadOnlyList<Line> Lines, Dictionary<string, decimal> Prices);

    public sealed record Line(string Sku, Uri? Link);

    public sealed record Tree(string Name, List<Tree> Children);

    [JsonDerivedType(typeof(Circle), "circle")]
    public abstract record Shape;

    public sealed record Circle(double Radius) : Shape;

    [JsonConverter(typeof(MarkedConverter))]
    public interface IMarked;

    public sealed class MarkedConverter : JsonConverter<IMarked>
    {
        public override IMarked? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => null;

        public override void Write(Utf8JsonWriter writer, IMarked value, JsonSerializerOptions options) => writer.WriteNullValue();
    }

    public sealed record WithConverter(IMarked? Marked);

    public sealed record Computed(int A, int B)
    {
        public int Sum => A + B;
    }

    public sealed record Ignored(int A)
    {
        [JsonIgnore]
        public Stream? Cache { get; init; }
    }

    public sealed record HasStream(Stream Body);

    public sealed record HasDelegate(Func<int> Callback);

    public sealed record HasToken(CancellationToken Token);

    public sealed record HasType(Type Of);

    public sealed record HasObject(object Anything);

    public sealed record HasDeepObject(List<HasObject> Items);

    public sealed record HasInterface(IFormatProvider Format);

    public sealed record HasPointer(nint Handle);

    public sealed record HasCycle(string Name, HasCycle? Next);

#pragma warning disable CA1051 // the fault that is looked for
    public sealed class HasField
    {
        public int Count;
    }
#pragma warning restore CA1051

    public sealed class HasLost
    {
        public List<string> Names { get; } = [];
    }

    public sealed class NoConstructor
    {
        private NoConstructor(int value) => Value = value;

        public int Value { get; set; }

        public static NoConstructor Of(int value) => new(value);
    }
}
