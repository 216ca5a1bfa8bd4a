using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;

namespace SalesFlow.Sales.Deals;

/// <summary>Tells the databases how <see cref="DealKeys"/> are reckoned.</summary>
internal static class DealKeysTable
{
    public static void Map(ModelBuilder model)
    {
        Function(model, nameof(DealKeys.Instance)).HasTranslation(arguments => new SqlUnaryExpression(ExpressionType.Convert, arguments[0], typeof(long), LongTypeMapping.Default));
        Function(model, nameof(DealKeys.FirstTask)).HasTranslation(arguments => TaskKey(arguments[0], 0));
        Function(model, nameof(DealKeys.LastTask)).HasTranslation(arguments => TaskKey(arguments[0], DealKeys.TasksADeal - 1));
    }

    private static DbFunctionBuilder Function(ModelBuilder model, string name) => model.HasDbFunction(typeof(DealKeys).GetMethod(name, [typeof(DealId)])!);

    private static SqlBinaryExpression TaskKey(SqlExpression deal, long place) => Binary(ExpressionType.Add, Binary(ExpressionType.Multiply, deal, DealKeys.TasksADeal), place);

    private static SqlBinaryExpression Binary(ExpressionType operation, SqlExpression left, long right) =>
        new(operation, left, new SqlConstantExpression(right, LongTypeMapping.Default), typeof(long), LongTypeMapping.Default);
}
