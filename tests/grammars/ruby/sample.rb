# frozen_string_literal: true

require "set"
require_relative "library/room"
autoload :Paper, "paper"

# How many fit.
MAX_BOOKS = 40

module Library
  # Holds books.
  class Shelf < Rooms::Furniture
    include Enumerable
    extend Holder
    attr_reader :books, :name
    attr_accessor :width

    LIMIT = MAX_BOOKS

    # Starts empty.
    def initialize(name, width: 1, *rest, &block)
      @books = Set.new
      @name, @spare = name, rest
    end

    # Keeps a book.
    def put(book)
      total = LIMIT
      books.push("a #{book}") # PUT
      @books.each { |each| total += each.size }
      save!
      total
    end

    def self.build
      new("a")
    end

    class << self
      def shared; end
    end

    alias keep put
    delegate :size, to: :books
    scope :open, -> { where(open: true) }
  end

  Board = Struct.new(:width, :height) do
    def area = width * height
  end
end

def main
  Library::Shelf.build
rescue Library::Error => failure
  warn failure
end
